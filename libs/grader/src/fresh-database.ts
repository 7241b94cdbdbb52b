import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { InfrastructureFault } from './faults';

/** Of all sessions that a submission opens. */
const MAX_ROLE_CONNECTIONS = 16;
const JUDGE_CONNECTIONS = 4;
const SESSIONS_END_MS = 10_000;
const SESSIONS_POLL_MS = 2;

/** What is needed of a server to make databases on it. */
export interface DatabaseServer {
  /** Runs statements as superuser in the database `postgres`. Throws {@link InfrastructureFault}. */
  administer(sql: string, parameters?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** For a superuser's session in another database. */
  urlOf(database: string): string;
}

/** A database that a new one can be copied from, with everything in it owned by `owner`. */
export interface DatabaseTemplate {
  readonly database: string;
  readonly owner: string;
}

/** A database that nobody used yet, with its two roles: `name`, which owns it, and `<name>_judge`, a member of it. */
export interface FreshDatabase {
  readonly name: string;
  readonly password: string;
  readonly judgePassword: string;
}

/** Makes roles and a database, empty or as a copy of a template. Leaves nothing behind when it throws {@link InfrastructureFault}. */
export async function createFreshDatabase(server: DatabaseServer, template: DatabaseTemplate | null): Promise<FreshDatabase> {
  const name = `sub_${randomBytes(8).toString('hex')}`;
  const fresh = { name, password: randomBytes(24).toString('hex'), judgePassword: randomBytes(24).toString('hex') };
  await createRoles(server, fresh);
  try {
    await createDatabase(server, name, template);
    return fresh;
  } catch (error) {
    await dropDatabase(server, name).catch(() => undefined);
    throw error;
  }
}

/** Ends every session in a database and waits until they are gone. Throws {@link InfrastructureFault}. */
export async function endSessions(server: DatabaseServer, name: string): Promise<void> {
  const until = Date.now() + SESSIONS_END_MS;
  for (;;) {
    const left = await server.administer('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    if (left.length === 0) return;
    if (Date.now() > until) throw new InfrastructureFault('grading-database-failed', `sessions in ${name} do not end`);
    await sleep(SESSIONS_POLL_MS);
  }
}

/** Drops a database and its roles, whatever its owner did to it. Much faster when {@link endSessions} came before. */
export async function dropDatabase(server: DatabaseServer, name: string): Promise<void> {
  // Its owner may have declared it a template, which cannot be dropped.
  await server.administer('UPDATE pg_database SET datistemplate = false WHERE datname = $1', [name]);
  await server.administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await server.administer(`DROP ROLE IF EXISTS ${name}_judge`);
  await server.administer(`DROP ROLE IF EXISTS ${name}`);
}

async function createRoles(server: DatabaseServer, { name, password, judgePassword }: FreshDatabase): Promise<void> {
  const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  // Names and passwords are hexadecimal and made here; a multi-statement string is one transaction.
  await server.administer(
    [
      `CREATE ROLE ${name} ${rights} CONNECTION LIMIT ${MAX_ROLE_CONNECTIONS} PASSWORD '${password}'`,
      `ALTER ROLE ${name} SET statement_timeout = '30s'`,
      `ALTER ROLE ${name} SET idle_in_transaction_session_timeout = '60s'`,
      `CREATE ROLE ${name}_judge ${rights} CONNECTION LIMIT ${JUDGE_CONNECTIONS} PASSWORD '${judgePassword}' IN ROLE ${name}`,
      `ALTER ROLE ${name}_judge SET role = '${name}'`,
      `ALTER ROLE ${name}_judge SET statement_timeout = '15s'`,
      `ALTER ROLE ${name}_judge SET lock_timeout = '5s'`,
    ].join(';'),
  );
}

async function createDatabase(server: DatabaseServer, name: string, template: DatabaseTemplate | null): Promise<void> {
  const source = template?.database ?? 'template0';
  await server.administer(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY FILE_COPY OWNER ${name}`);
  await server.administer(`REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  // Only the starter's own objects are in it yet, so that a superuser may enter. The first session also writes files that make the
  // next ones start faster.
  const owner = new Client({ connectionString: server.urlOf(name) });
  owner.on('error', () => undefined);
  try {
    await owner.connect();
    if (template) await owner.query(`REASSIGN OWNED BY ${template.owner} TO ${name}`);
  } catch (error) {
    throw new InfrastructureFault('grading-database-failed', error instanceof Error ? error.message : String(error));
  } finally {
    await owner.end().catch(() => undefined);
  }
}
