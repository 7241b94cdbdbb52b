import { randomBytes } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '@assay/testing/test-database';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS, migrate } from './migrate';

// A database as it was before scorecards said whether they count, with rows of two organisations.
const BEFORE = MIGRATIONS.slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name.startsWith('RegradesCreate')),
);

let server: TestDatabase;
let admin: Client;
let name: string;
let old: { owner: string; admin: Client };

beforeAll(async () => {
  server = await openTestDatabase();
  admin = await connect(server.adminUrl);
  name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name} OWNER ${new URL(server.ownerUrl).username} TEMPLATE template0`);
  const owner = within(server.ownerUrl);
  const source = await new DataSource({ type: 'postgres', url: owner, migrations: BEFORE }).initialize();
  await source.runMigrations();
  await source.destroy();
  old = { owner, admin: await connect(within(server.adminUrl)) };
});

afterAll(async () => {
  await old.admin.end();
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

async function insert(table: string, values: Record<string, unknown>): Promise<string> {
  const names = Object.keys(values);
  const places = names.map((_, index) => `$${index + 1}`);
  const { rows } = await old.admin.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')}) RETURNING *`,
    Object.values(values),
  );
  return rows[0].id ?? rows[0].grading_run_id;
}

/** An organisation whose candidate handed in twice; the first submission was graded a second time at the very end. */
async function fill(title: string): Promise<{ first: string; second: string; last: string }> {
  const organisation_id = await insert('organisations', { name: title });
  const candidate_id = await insert('candidates', { organisation_id, name: 'C', email: 'c@example.test' });
  const task = { slug: title, version: '1', content_hash: '0'.repeat(64), title, summary: '', prompt: '', time_box_minutes: 5 };
  const task_version_id = await insert('task_versions', { ...task, measured_criteria: ['A1'], starter: Buffer.from('x') });
  const { rows } = await old.admin.query('SELECT id AS rubric_id FROM rubrics LIMIT 1');
  const graded = { organisation_id, task_version_id, rubric_id: rows[0].rubric_id };
  const evaluation_id = await insert('evaluations', {
    ...graded,
    candidate_id,
    role: 'R',
    time_box_minutes: 5,
    created_by: candidate_id,
  });
  const archive = { archive_sha256: '0'.repeat(64), archive_bytes: 1, archive_kind: 'zip', file_count: 1 };
  const submit = () => insert('submissions', { organisation_id, evaluation_id, ...archive });
  const grade = async (submission_id: string) => {
    const run = await insert('grading_runs', { ...graded, submission_id, outcome: 'graded', finished_at: new Date() });
    const parts = { scorecard: '{}', rubric: '{}', provenance: '{}' };
    return insert('scorecards', { organisation_id, grading_run_id: run, evaluation_id, ...parts });
  };
  const [one, two] = [await submit(), await submit()];
  return { first: await grade(one), second: await grade(two), last: await grade(one) };
}

it('keeps what counts today, the newest graded run, in every organisation', async () => {
  const made = [await fill('one'), await fill('two')];
  await migrate(old.owner, { apiRolePassword: new URL(server.apiUrl).password });
  const { rows } = await old.admin.query(
    `SELECT card.grading_run_id AS id, card.stands, card.counts, card.submission_id = run.submission_id AS own
       FROM scorecards card JOIN grading_runs run ON run.id = card.grading_run_id`,
  );
  const byId = new Map(rows.map(({ id, ...row }) => [id, row]));
  for (const { first, second, last } of made) {
    expect(byId.get(first)).toEqual({ stands: false, counts: false, own: true });
    expect(byId.get(second)).toEqual({ stands: true, counts: false, own: true });
    expect(byId.get(last)).toEqual({ stands: true, counts: true, own: true });
  }
  const forced = await old.admin.query(
    "SELECT relname FROM pg_class WHERE relname IN ('scorecards', 'grading_runs') AND NOT relforcerowsecurity",
  );
  expect(forced.rows).toEqual([]);
});

describe('from then on', () => {
  async function attempt(statement: string): Promise<string> {
    try {
      await old.admin.query(statement);
      return 'done';
    } catch (error) {
      return (error as Error).message;
    }
  }

  it.each([
    ['no scorecard of an evaluation counts', 'UPDATE scorecards SET counts = false', /no scorecard counts for evaluation/],
    ['none stands for a submission', 'UPDATE scorecards SET stands = counts', /or none stands for submission/],
    ['two count', 'UPDATE scorecards SET counts = true WHERE stands', /scorecards_one_counts/],
    ['two stand', 'UPDATE scorecards SET stands = true', /scorecards_one_stands/],
    ['one counts that does not stand', 'UPDATE scorecards SET stands = false WHERE counts', /scorecards_what_counts_stands/],
  ])('the database refuses that %s', async (_, statement, message) => {
    expect(await attempt(statement)).toMatch(message);
  });
});
