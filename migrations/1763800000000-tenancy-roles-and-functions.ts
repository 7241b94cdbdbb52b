import type { MigrationInterface, QueryRunner } from 'typeorm';
import { API_ROLE } from './tenancy';

export class TenancyRolesAndFunctions1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Roles belong to the whole server: another database of it may have made this one already.
    await runner.query(
      `DO $$ BEGIN CREATE ROLE ${API_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    );
    await runner.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    await runner.query(`GRANT USAGE ON SCHEMA public TO ${API_ROLE}`);
    await runner.query(`
      CREATE FUNCTION current_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
      RETURN nullif(current_setting('assay.organisation_id', true), '')::uuid`);
    await runner.query(`
      CREATE FUNCTION presented_credential() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
      RETURN nullif(current_setting('assay.credential', true), '')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION presented_credential()');
    await runner.query('DROP FUNCTION current_organisation()');
  }
}
