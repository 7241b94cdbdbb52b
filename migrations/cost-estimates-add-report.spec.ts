import { randomBytes } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS, migrate } from './migrate';

// A database as it was before estimates were simulated, with one of them.
const BEFORE = MIGRATIONS.slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name.startsWith('CostEstimatesAddReport')),
);

let server: TestDatabase;
let admin: Client;
let old: Client;
let name: string;

beforeAll(async () => {
  server = await openTestDatabase();
  admin = await connect(server.adminUrl);
  name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name} OWNER ${new URL(server.ownerUrl).username} TEMPLATE template0`);
  const source = await new DataSource({ type: 'postgres', url: within(server.ownerUrl), migrations: BEFORE }).initialize();
  await source.runMigrations();
  await source.destroy();
  old = await connect(within(server.adminUrl));
});

afterAll(async () => {
  await old.end();
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
  await server.drop();
});

function within(url: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

const ESTIMATE = `SELECT id, organisation_id, name, project::text, assumptions::text, break_evens::text, claims::text, warnings::text,
  created_by, created_at FROM cost_estimates`;
const MODELS = `SELECT cost_estimate_id, model, total::text, currency, delivery_months::text, breakdown::text
  FROM cost_estimate_models ORDER BY model`;

it('loses and changes nothing of the estimates that are there', async () => {
  const organisation = '0199c000-0000-7000-8000-000000000001';
  await old.query("INSERT INTO organisations (id, name) VALUES ($1, 'O')", [organisation]);
  await old.query(
    `WITH made AS (
       INSERT INTO cost_estimates (organisation_id, name, project, assumptions, break_evens, claims, warnings, created_by)
       VALUES ($1, 'Old', '{"hours": 2700}', '[{"id": "C1"}]', '[]', '[]', '["So"]', $1) RETURNING id)
     INSERT INTO cost_estimate_models (cost_estimate_id, organisation_id, model, total, currency, delivery_months, breakdown)
     SELECT id, $1, model, total, 'USD', 7.515, '{"labour": 1.5}'
       FROM made, (VALUES ('freelance', 358386.94), ('hybrid', 1830), ('in_house', 999999999999.99)) AS models (model, total)`,
    [organisation],
  );
  const before = [(await old.query(ESTIMATE)).rows, (await old.query(MODELS)).rows];
  await migrate(within(server.ownerUrl), { apiRolePassword: new URL(server.apiUrl).password });
  expect([(await old.query(ESTIMATE)).rows, (await old.query(MODELS)).rows]).toEqual(before);
  expect(before[1]).toHaveLength(3);
  const [added] = (await old.query('SELECT input, report, currency, exchange_rate, archived_at FROM cost_estimates')).rows;
  expect(added).toEqual({ input: null, report: null, currency: 'USD', exchange_rate: '1', archived_at: null });
});
