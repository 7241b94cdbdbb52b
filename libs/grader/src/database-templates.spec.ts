import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { type PythonRuntime, prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import { Client } from 'pg';
import { DatabaseTemplates } from './database-templates';
import { SubmissionFault } from './faults';
import type { DatabaseTemplate } from './fresh-database';
import { createGrader, type Grader } from './grader';
import { GradingCluster } from './grading-cluster';
import { JudgedDatabase } from './judged-database';
import { startProject } from './project-sandbox';
import type { RunningCluster } from './running-cluster';
import { SubmissionDatabase } from './submission-database';
import { takeIn } from './submission-intake';

jest.setTimeout(180_000);

const BOOKSHOP = path.join(__dirname, '..', '..', '..', 'task-packs', 'django', 'bookshop');
const migration = (dependencies: string, operations: string) => `from django.db import migrations, models
def look(apps, schema_editor):
    tables = set(schema_editor.connection.introspection.table_names())
    assert "django_session" not in tables, "sessions come last"
    assert not apps.get_model("contenttypes", "ContentType").objects.exists(), "nothing tells of itself before the end"
class Migration(migrations.Migration):
    dependencies = [${dependencies}]
    operations = [${operations}]
`;
const ADDED = {
  'catalog/migrations/0002_added.py': migration(
    '("catalog", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")',
    `migrations.AddField("book", "shelf", models.CharField(max_length=10, default="", db_default="")),
     migrations.AddConstraint("review", models.UniqueConstraint(fields=["book", "customer"], name="one_each")), migrations.RunPython(look)`,
  ),
  'orders/migrations/0002_added.py': migration(
    '("orders", "0001_initial"), ("catalog", "0002_added")',
    'migrations.RunPython(look)',
  ),
};

/** Everything that tells two databases apart but numbers of objects and times. */
const CATALOGUE = [
  `SELECT n.nspname, c.relname, c.relkind, c.relpersistence, pg_get_userbyid(c.relowner) = current_user AS own, pg_get_viewdef(c.oid) AS view
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1, 2`,
  `SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision,
     numeric_scale, is_identity, identity_generation, collation_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 3`,
  `SELECT conrelid::regclass::text AS on_table, conname, pg_get_constraintdef(oid) AS definition, condeferrable, condeferred FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
  "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
  "SELECT sequencename, start_value, increment_by, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  'SELECT id, app, name FROM django_migrations ORDER BY id',
  // Django numbers them in an order that also depends on how many migrations one process went through.
  'SELECT app_label, model FROM django_content_type ORDER BY 1, 2',
  'SELECT app_label, model, codename, name FROM auth_permission JOIN django_content_type ON content_type_id = django_content_type.id ORDER BY 1, 2, 3',
  'SELECT count(*), max(id) FROM auth_permission',
  'SELECT extname FROM pg_extension ORDER BY 1',
];

describe('templates that hold the first of a submission’s migrations', () => {
  const driver = new BubblewrapDriver();
  const cluster = new GradingCluster(() => undefined);
  let runtime: PythonRuntime;
  let pack: TaskPack;
  let templates: DatabaseTemplates;
  let server: RunningCluster;
  let scratch: string;

  beforeAll(async () => {
    runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
    pack = await loadTaskPack(BOOKSHOP);
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    templates = new DatabaseTemplates({ driver, runtime, workRoot: scratch });
    server = await cluster.get();
    await templates.prepare(server, pack);
  }, 600_000);
  afterAll(async () => {
    await cluster.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** The starter with these changes, unpacked for a run. */
  async function submitted(changes: Readonly<Record<string, string>>) {
    const workDir = await mkdtemp(path.join(scratch, 'run-'));
    const folder = path.join(workDir, 'handed-in');
    await takeIn({ folder: pack.starterFolder }, folder, pack);
    for (const [name, text] of Object.entries(changes)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const projectDir = path.join(workDir, 'project');
    return { workDir, projectDir, taken: await takeIn({ folder }, projectDir, pack) };
  }

  /** Runs a submission's own `migrate` on a copy of `template` and returns all that is in the database then. */
  async function migrated(
    changes: Readonly<Record<string, string>>,
    from: 'empty' | 'begun',
  ): Promise<{ steps: number; catalogue: unknown }> {
    const { workDir, projectDir, taken } = await submitted(changes);
    const template: DatabaseTemplate | null = from === 'begun' ? await templates.begun(server, pack, taken, projectDir) : null;
    if (from === 'begun') expect(template).not.toBeNull();
    const database = await SubmissionDatabase.create(server, workDir, template);
    const judged = await JudgedDatabase.open(database.access, () => server.isWell());
    const session = new Client({ connectionString: server.urlOf(database.name) });
    try {
      await session.connect();
      const [before] = (
        await session.query<{ steps: number }>(
          "SELECT (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM django_migrations', true, true, '')))[1]::text::int AS steps WHERE to_regclass('django_migrations') IS NOT NULL",
        )
      ).rows;
      const { sandbox } = await startProject({
        driver,
        runtime,
        pack,
        projectDir,
        workDir,
        database,
        redis: null,
        migrate: true,
        sameSettings: false,
        contentHash: taken.contentHash,
        signal: new AbortController().signal,
      });
      await sandbox.kill();
      await session.query(`SET ROLE ${database.name}`);
      const catalogue: unknown[] = [];
      for (const sql of CATALOGUE) catalogue.push((await session.query(sql)).rows);
      return { steps: before?.steps ?? 0, catalogue };
    } finally {
      await session.end();
      await judged.close();
      await database.drop();
    }
  }

  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['adds migrations', ADDED, 22],
    [
      'adds one to the last app that has some',
      {
        'orders/migrations/0002_added.py': ADDED['orders/migrations/0002_added.py'].replace(
          '"catalog", "0002_added"',
          '"catalog", "0001_initial"',
        ),
      },
      23,
    ],
    ['changes one', { 'orders/migrations/0001_initial.py': 'PLACEHOLDER' }, 23],
  ])('a submission that %s gets the same database from them as from an empty one', async (_what, changes, steps) => {
    const starter = Object.fromEntries(
      await Promise.all(
        Object.entries(changes).map(
          async ([name, text]) => [name, text === 'PLACEHOLDER' ? await changedOrders() : text] as const,
        ),
      ),
    );
    const [whole, begun] = [await migrated(starter, 'empty'), await migrated(starter, 'begun')];
    expect([whole.steps, begun.steps]).toEqual([0, steps]);
    expect(begun.catalogue).toEqual(whole.catalogue);
    expect(JSON.stringify(whole.catalogue)).toContain('auth_permission');
  });

  /** The first migration of the orders, with one column more than it had. */
  async function changedOrders(): Promise<string> {
    const text = await readFile(path.join(pack.starterFolder, 'orders/migrations/0001_initial.py'), 'utf8');
    const changed = text.replace(/(fields=\[\n)/, '$1                ("extra", models.IntegerField(default=7)),\n');
    expect(changed).not.toBe(text);
    return changed;
  }

  it('a migration that forgets what it depends on fails on them as it fails on an empty database', async () => {
    const forgetful = {
      'catalog/migrations/0002_added.py': migration(
        '("catalog", "0001_initial")',
        'migrations.RunPython(lambda apps, editor: apps.get_model("orders", "Order"))',
      ),
    };
    for (const from of ['empty', 'begun'] as const) {
      const failure = await migrated(forgetful, from).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SubmissionFault);
      expect(failure).toMatchObject({
        reason: { code: 'migrations-failed', messageForCandidate: expect.stringContaining('orders') },
      });
    }
  });

  it('the reference begins with them, though it has other settings', async () => {
    const folder = path.join(await mkdtemp(path.join(scratch, 'handed-in-')), 'project');
    await buildSolution(pack, pack.reference, folder);
    const projectDir = path.join(await mkdtemp(path.join(scratch, 'run-')), 'project');
    const taken = await takeIn({ folder }, projectDir, pack);
    expect(taken.changed).toContain('bookshop/settings.py');
    expect(await templates.begun(server, pack, taken, projectDir)).not.toBeNull();
  });

  describe('graded', () => {
    let grader: Grader;
    beforeAll(() => {
      grader = createGrader({ sandbox: driver, runtime, cluster, workRoot: scratch });
    });

    async function failed(changes: Readonly<Record<string, string>>): Promise<string[]> {
      const folder = path.join(await mkdtemp(path.join(scratch, 'handed-in-')), 'project');
      await buildSolution(pack, pack.reference, folder);
      for (const [name, text] of Object.entries(changes)) await writeFile(path.join(folder, name), text);
      const report = await grader.grade({ folder, pack });
      expect(report.reason).toBeNull();
      return report.checks.filter(({ status }) => status === 'failed').map(({ id }) => id);
    }

    it('migrations take effect as they are', async () => {
      expect(await failed({})).toEqual([]);
      const file = 'catalog/migrations/0002_review_constraints.py';
      const text = await readFile(path.join(BOOKSHOP, 'reference', file), 'utf8');
      const without = text.replace(/operations = \[[\s\S]*\]/, 'operations = []');
      expect(without).not.toBe(text);
      expect(await failed({ [file]: without })).toEqual(
        expect.arrayContaining(['d1-one-review-per-customer', 'd1-impossible-rows-refused']),
      );
    });
  });
});
