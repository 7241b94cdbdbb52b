import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import { Client } from 'pg';

// Every list pages by (organisation_id, id): its index must be read from the page's place to the limit, and nothing sorted. The tables
// are empty, so the planner is kept from the shorter ways of an empty table.
const ORGANISATION = '00000000-0000-7000-8000-000000000001';
const ID = 'ffffffff-0000-7000-8000-000000000001';

let database: TestDatabase;
let role: Client;

beforeAll(async () => {
  database = await openTestDatabase();
  role = new Client({ connectionString: database.apiUrl });
  await role.connect();
  for (const way of ['seqscan', 'bitmapscan', 'sort', 'incremental_sort']) await role.query(`SET enable_${way} = off`);
});

afterAll(async () => {
  await role.end();
  await database.drop();
});

/** The plan as the role of the API gets it, row-level security included. */
async function planOf(sql: string): Promise<string> {
  await role.query('BEGIN');
  try {
    await role.query("SELECT set_config('assay.organisation_id', $1, true)", [ORGANISATION]);
    const { rows } = await role.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${sql}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await role.query('ROLLBACK');
  }
}

it.each([
  ['members', 'members_by_organisation', 'Index Scan'],
  ['api_keys', 'api_keys_by_organisation', 'Index Scan'],
  ['candidates', 'candidates_organisation_id_id_key', 'Index Scan Backward'],
  ['evaluations', 'evaluations_organisation_id_id_key', 'Index Scan Backward'],
  ['cost_estimates', 'cost_estimates_organisation_id_id_key', 'Index Scan Backward'],
  ['assumption_sets', 'assumption_sets_organisation_id_id_key', 'Index Scan Backward'],
  ['exchange_rates', 'exchange_rates_organisation_id_id_key', 'Index Scan Backward'],
  ['regrades', 'regrades_organisation_id_id_key', 'Index Scan Backward'],
  ['regrades', 'regrades_organisation_id_id_key', 'Index Scan Backward'],
])('the list of %s reads %s', async (table, index, scan) => {
  const where = `organisation_id = '${ORGANISATION}'`;
  for (const page of [where, `${where} AND id < '${ID}'`]) {
    const plan = await planOf(`SELECT * FROM ${table} WHERE ${page} ORDER BY id DESC LIMIT 26`);
    expect(plan).toContain(`${scan} using ${index} on ${table}`);
    expect(plan).not.toContain('Sort');
  }
  const plan = await planOf(`SELECT * FROM ${table} WHERE ${where} AND id < '${ID}' ORDER BY id DESC LIMIT 26`);
  expect(plan).toMatch(/Index Cond: .*organisation_id.*id < /);
});

it.each([
  ['IS NULL', 'cost_estimates_current'],
  ['IS NOT NULL', 'cost_estimates_archive'],
])('the list of estimates that are archived or not (archived_at %s) reads %s', async (archived, index) => {
  const plan = await planOf(
    `SELECT * FROM cost_estimates WHERE organisation_id = '${ORGANISATION}' AND archived_at ${archived} AND id < '${ID}' ORDER BY id DESC LIMIT 26`,
  );
  expect(plan).toContain(`Index Scan Backward using ${index} on cost_estimates`);
  expect(plan).not.toContain('Sort');
});

it.each([
  ['evaluations', 'candidate_id', 'evaluations_by_candidate'],
  ['submissions', 'evaluation_id', 'submissions_by_evaluation'],
  ['practice_runs', 'evaluation_id', 'practice_runs_by_evaluation'],
  ['grading_runs', 'submission_id', 'grading_runs_by_submission'],
  ['assumption_set_versions', 'assumption_set_id', 'assumption_set_versions_by_set'],
  ['exchange_rates', 'currency', 'exchange_rates_by_currency'],
  ['regrade_items', 'regrade_id', 'regrade_items_by_regrade'],
  ['estimate_actuals', 'cost_estimate_id', 'estimate_actuals_by_estimate'],
  ['regrade_items', 'regrade_id', 'regrade_items_by_regrade'],
])('the list of %s of one %s reads %s', async (table, column, index) => {
  const plan = await planOf(
    `SELECT * FROM ${table} WHERE organisation_id = '${ORGANISATION}' AND ${column} = '${ID}' AND id < '${ID}' ORDER BY id DESC LIMIT 26`,
  );
  expect(plan).toContain(`Index Scan using ${index} on ${table}`);
  expect(plan).not.toContain('Sort');
});

it('the rate of an estimate is found at the end of its currency', async () => {
  const plan = await planOf(
    `SELECT * FROM exchange_rates WHERE organisation_id = '${ORGANISATION}' AND currency = 'EUR' AND day <= '2026-11-30' ORDER BY day DESC, id DESC LIMIT 1`,
  );
  expect(plan).toContain('Index Scan Backward using exchange_rates_organisation_id_currency_day_id_key on exchange_rates');
  expect(plan).not.toContain('Sort');
});

it('the audit trail is read by its sequence', async () => {
  const plan = await planOf(
    `SELECT * FROM audit_events WHERE organisation_id = '${ORGANISATION}' AND sequence < 9000 ORDER BY sequence DESC LIMIT 26`,
  );
  expect(plan).toContain('Index Scan Backward using audit_events_organisation_id_sequence_key on audit_events');
  expect(plan).not.toContain('Sort');
});

it('a candidate is found by address through the unique index', async () => {
  const plan = await planOf(`SELECT * FROM candidates WHERE organisation_id = '${ORGANISATION}' AND email = 'a@example.test'`);
  expect(plan).toContain('using candidates_organisation_id_email_key on candidates');
});

it('the current version of a task is found by its slug', async () => {
  expect(await planOf("SELECT * FROM task_versions WHERE slug = 'bookshop' AND current")).toContain('task_versions_one_current');
});

it('the relay finds what is still to be graded', async () => {
  const plan = await planOf('SELECT * FROM grading_outbox WHERE settled_at IS NULL ORDER BY created_at LIMIT 100');
  expect(plan).toContain('grading_outbox_open');
  expect(plan).not.toContain('Sort');
});
