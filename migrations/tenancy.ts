import type { QueryRunner } from 'typeorm';

/** The role the API connects as: owns nothing, cannot bypass row-level security. */
export const API_ROLE = 'assay_api';

export type TablePrivilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Grants the API's role exactly these privileges on a table. */
export async function grantToApi(runner: QueryRunner, table: string, privileges: readonly TablePrivilege[]): Promise<void> {
  await runner.query(`GRANT ${privileges.join(', ')} ON ${table} TO ${API_ROLE}`);
}

/**
 * Turns on and forces row-level security: a row is visible and writable only in a transaction whose organisation is the row's
 * (`assay.organisation_id`, set by the API's transaction helper), and grants the API's role the privileges.
 *
 * @param column the column that holds the organisation's id
 */
export async function protectByTenant(
  runner: QueryRunner,
  table: string,
  privileges: readonly TablePrivilege[],
  column = 'organisation_id',
): Promise<void> {
  await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
  await runner.query(
    `CREATE POLICY ${table}_of_organisation ON ${table} USING (${column} = current_organisation()) WITH CHECK (${column} = current_organisation())`,
  );
  await grantToApi(runner, table, privileges);
}

/**
 * Lets whoever presents a credential read the one row that it names, before the organisation is known: sign-in by address, and
 * look-up by the hash of a token. The API sets `assay.credential` for that one statement.
 */
export async function allowLookupByCredential(runner: QueryRunner, table: string, column: string): Promise<void> {
  await runner.query(
    `CREATE POLICY ${table}_by_credential ON ${table} FOR SELECT USING (${column}::text = presented_credential())`,
  );
}
