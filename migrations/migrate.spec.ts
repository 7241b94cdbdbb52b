import { randomBytes } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS, migrate } from './migrate';
import { API_ROLE } from './tenancy';

let migrated: TestDatabase;
let admin: Client;
const made: string[] = [];

beforeAll(async () => {
  migrated = await openTestDatabase();
  admin = await connect(migrated.adminUrl);
});

afterAll(async () => {
  for (const name of made) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
  await migrated.drop();
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

/** A database without a schema, owned like the migrated one. */
async function emptyDatabase(): Promise<string> {
  const url = new URL(migrated.ownerUrl);
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name} OWNER ${url.username} TEMPLATE template0`);
  made.push(name);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Roles belong to the whole server, so every test database keeps the one password. */
function password(): { apiRolePassword: string } {
  return { apiRolePassword: new URL(migrated.apiUrl).password };
}

/** Everything that the migrations make, in words, to compare two databases by. */
async function schemaOf(client: Client): Promise<unknown> {
  const { rows } = await client.query(
    `SELECT 'column' AS kind, concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS what
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
     UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('migrations'), 0)
     UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
     UNION ALL SELECT 'policy', concat_ws(' ', tablename, policyname, cmd, qual, with_check) FROM pg_policies
     UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT 'function', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT 'table', relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity || ' ' || coalesce(relacl::text, '')
       FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migrations'
     ORDER BY kind, what`,
  );
  return rows;
}

describe('migrating', () => {
  it('runs all once, then nothing', async () => {
    const url = await emptyDatabase();
    expect(await migrate(url, password())).toHaveLength(MIGRATIONS.length);
    const client = await connect(url);
    const before = await schemaOf(client);
    expect(await migrate(url, password())).toEqual([]);
    expect(await schemaOf(client)).toEqual(before);
    await client.end();
  });

  it('runs each once when two processes start it at the same time', async () => {
    const url = await emptyDatabase();
    const ran = await Promise.all([migrate(url, password()), migrate(url, password())]);
    expect(ran.map((names) => names.length).sort()).toEqual([0, MIGRATIONS.length]);
  });

  it('runs down to nothing and up to the same again', async () => {
    const url = await emptyDatabase();
    await migrate(url, password());
    const client = await connect(url);
    const before = await schemaOf(client);
    const dataSource = await new DataSource({ type: 'postgres', url, migrations: MIGRATIONS }).initialize();
    for (const _ of MIGRATIONS) await dataSource.undoLastMigration();
    await dataSource.destroy();
    expect(await schemaOf(client)).toEqual([]);
    expect(await migrate(url, password())).toHaveLength(MIGRATIONS.length);
    expect(await schemaOf(client)).toEqual(before);
    await client.end();
  });

  it('sets the password that the API signs in with', async () => {
    const url = new URL(await emptyDatabase());
    await migrate(url.toString(), password());
    url.username = API_ROLE;
    const client = await connect(url.toString());
    await client.end();
  });
});
