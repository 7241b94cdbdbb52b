import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@assay/migrations/migrate';
import { Client } from 'pg';

const MIGRATIONS = join(__dirname, '..', '..', 'migrations');
const API_PASSWORD = 'assay-test';
const TEMPLATE_LOCK = 4711019;

/** A migrated database of one test file. */
export interface TestDatabase {
  /** Connects as the owner, a superuser: sees through row-level security. */
  readonly ownerUrl: string;
  /** Connects as `assay_api`, as the API does. */
  readonly apiUrl: string;
  /** Drops the database. */
  close(): Promise<void>;
}

/**
 * Makes a migrated database on the server of ASSAY_TEST_POSTGRES_URL: a copy of a template that the first caller migrates.
 *
 * @throws Error when the variable is not set
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env.ASSAY_TEST_POSTGRES_URL;
  if (!serverUrl) throw new Error('Set ASSAY_TEST_POSTGRES_URL to a PostgreSQL 18 server; `npm test` starts one and does');
  const name = `assay_test_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const template = await ensureTemplate(client, serverUrl);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return {
    ownerUrl: urlOf(serverUrl, name),
    apiUrl: urlOf(serverUrl, name, { user: 'assay_api', password: API_PASSWORD }),
    close: () =>
      withClient(serverUrl, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

async function ensureTemplate(client: Client, serverUrl: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS)
    .filter((entry) => entry.endsWith('.ts'))
    .sort()) {
    hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  }
  const template = `assay_template_${hash.digest('hex').slice(0, 16)}`;
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (rowCount) return template;
  const draft = `${template}_${randomBytes(4).toString('hex')}`;
  await client.query(`CREATE DATABASE ${draft}`);
  await migrate(urlOf(serverUrl, draft), { apiRolePassword: API_PASSWORD });
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
  return template;
}

function urlOf(serverUrl: string, database: string, login?: { user: string; password: string }): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  if (login) {
    url.username = login.user;
    url.password = login.password;
  }
  return url.href;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
