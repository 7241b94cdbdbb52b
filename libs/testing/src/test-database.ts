import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { migrate } from '@assay/migrations/migrate';
import { Client } from 'pg';
import { testPostgresUrl } from './test-postgres';

const MIGRATIONS_FOLDER = path.join(__dirname, '..', '..', '..', 'migrations');
/** Advisory lock: one process makes the template, the others wait for it. */
const TEMPLATE_LOCK = 4711019;
/** Roles belong to the whole server, so every test database shares them and their password. */
const OWNER_ROLE = 'assay_test_owner';
const PASSWORD = 'test';

export interface TestDatabase {
  readonly name: string;
  /** The role that owns the schema, as in production: no superuser, subject to forced row-level security. */
  readonly ownerUrl: string;
  /** The API's role `assay_api`. */
  readonly apiUrl: string;
  /** Superuser: sees every row. For arranging and for looking behind the scenes, never for the code under test. */
  readonly adminUrl: string;
  /** Drops the database, sessions and all. */
  drop(): Promise<void>;
}

/**
 * A new database with our schema, for one spec file. It is copied from a template that is migrated once for each state of the
 * migrations (the hash of their files) and server; copying takes some 20 ms.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const serverUrl = await testPostgresUrl();
  const template = await ensureTemplate(serverUrl);
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (client) =>
    client.query(`CREATE DATABASE ${name} OWNER ${OWNER_ROLE} TEMPLATE ${template} STRATEGY FILE_COPY`),
  );
  return {
    name,
    ownerUrl: urlFor(serverUrl, name, OWNER_ROLE),
    apiUrl: urlFor(serverUrl, name, 'assay_api'),
    adminUrl: urlFor(serverUrl, name),
    drop: async () => {
      await onServer(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function ensureTemplate(serverUrl: string): Promise<string> {
  const template = `template_${hashOfMigrations().slice(0, 16)}`;
  await onServer(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount !== 0) return;
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER_ROLE]);
    if (roles.rowCount === 0) await client.query(`CREATE ROLE ${OWNER_ROLE} LOGIN CREATEROLE PASSWORD '${PASSWORD}'`);
    // Built under another name: a template that exists is complete.
    const building = `${template}_building`;
    await client.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${building} OWNER ${OWNER_ROLE} TEMPLATE template0`);
    await migrate(urlFor(serverUrl, building, OWNER_ROLE), { apiRolePassword: PASSWORD });
    await client.query(`ALTER DATABASE ${building} RENAME TO ${template}`);
  });
  return template;
}

function hashOfMigrations(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(MIGRATIONS_FOLDER).sort()) {
    if (name.endsWith('.ts')) hash.update(`${name}\0`).update(readFileSync(path.join(MIGRATIONS_FOLDER, name)));
  }
  return hash.digest('hex');
}

async function onServer<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlFor(serverUrl: string, database: string, role?: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  if (role) {
    url.username = role;
    url.password = PASSWORD;
  }
  return url.toString();
}
