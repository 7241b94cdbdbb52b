import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packFiles } from '@assay/archive/pack-folder';
import { type GradingReport, gradingReportSchema } from '@assay/contracts/grading-report';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { type PythonRuntime, prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import { createGrader, type GradeRequest, type Grader } from './grader';
import { GradingCluster } from './grading-cluster';

jest.setTimeout(120_000);

const PACK = path.join(__dirname, '..', 'fixtures', 'tiny-notes');

/** Real sandbox, real PostgreSQL; the projects are variations of the fixture pack's reference. */
describe('grading', () => {
  let runtime: PythonRuntime;
  let grader: Grader;
  let pack: TaskPack;
  let scratch: string;
  let workRoot: string;
  let cluster: GradingCluster;

  beforeAll(async () => {
    runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
    pack = await loadTaskPack(PACK);
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    workRoot = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    await mkdir(path.join(workRoot, 'assay-run-99999999-left-by-a-killed-judge'));
    cluster = new GradingCluster(() => undefined);
    grader = createGrader({ sandbox: new BubblewrapDriver(), runtime, cluster, workRoot });
    await grader.prepare(pack);
  }, 600_000);
  afterAll(async () => {
    await grader.close();
    await rm(scratch, { recursive: true, force: true });
    await rm(workRoot, { recursive: true, force: true });
  });

  /** The reference with some files replaced, added or (null) removed. */
  async function project(changes: Readonly<Record<string, string | null>>): Promise<string> {
    const folder = path.join(scratch, randomBytes(6).toString('hex'));
    await buildSolution(pack, pack.reference, folder);
    for (const [name, text] of Object.entries(changes)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      if (text === null) await rm(path.join(folder, name));
      else await writeFile(path.join(folder, name), text);
    }
    return folder;
  }

  async function grade(
    changes: Readonly<Record<string, string | null>>,
    more: Partial<GradeRequest> = {},
  ): Promise<GradingReport> {
    const report = await grader.grade({ pack, folder: await project(changes), ...more });
    expect(gradingReportSchema.safeParse(report).error).toBeUndefined();
    return report;
  }

  const statuses = (report: GradingReport) => Object.fromEntries(report.checks.map((check) => [check.id, check.status]));
  const withoutTimings = ({ timings, ...evidence }: GradingReport) => JSON.stringify(evidence);

  describe('evidence', () => {
    it('is the same, byte for byte, for two gradings of one submission, also side by side', async () => {
      const first = await grade({});
      expect(first.outcome).toBe('graded');
      expect(Object.values(statuses(first))).toEqual(['passed', 'passed', 'passed', 'passed']);
      const [second, third] = await Promise.all([grade({}), grade({})]);
      expect(withoutTimings(second)).toBe(withoutTimings(first));
      expect(withoutTimings(third)).toBe(withoutTimings(first));
    });

    it('says what was asked, what came back and what the database did', async () => {
      const report = await grade({});
      const [listed, , , created] = report.checks;
      expect(listed?.evidence.exchanges).toEqual([
        {
          request: { method: 'GET', path: '/notes/', as: 'alice', body: null },
          response: { status: 200, contentType: 'application/json', body: '["one", "two"]', truncated: false },
          error: null,
          statementCount: 1,
          statements: [expect.stringMatching(/^SELECT .* FROM "notes_note" WHERE "notes_note"."owner" = \? ORDER BY/)],
        },
      ]);
      expect(created?.evidence.exchanges[0]?.response?.body).toMatch(/^\{"id": \d+, "receipt": "<uuid>", "at": <timestamp>\}$/);
      expect(report.provenance).toMatchObject({
        sandboxDriver: 'bubblewrap',
        postgres: '18.4',
        pack: { contentHash: pack.contentHash },
      });
    });

    it('counts statements at the database', async () => {
      const report = await grade({
        'notes/views.py': `from django.http import JsonResponse
from .models import Note
def notes(request):
    ids = Note.objects.filter(owner=request.headers.get("X-User", "")).order_by("id").values_list("id", flat=True)
    return JsonResponse([Note.objects.get(id=i).text for i in ids], safe=False)
`,
      });
      expect(statuses(report)).toMatchObject({ 'b1-notes-are-listed': 'passed', 'd2-list-takes-two-statements': 'failed' });
      const check = report.checks.find(({ id }) => id === 'd2-list-takes-two-statements');
      expect(check?.evidence).toMatchObject({
        measurements: { slope: 0.9 },
        locations: [{ file: 'notes/views.py', line: null }],
      });
      expect(check?.evidence.exchanges.map(({ statementCount }) => statementCount)).toEqual([3, 21]);
    });

    it("holds ruff's findings that the starter does not have, whatever the project's own settings say", async () => {
      const report = await grade({
        'notes/extra.py':
          'import hashlib\n\ndef f(a=[]):  # noqa\n    try:\n        return hashlib.md5(b"")\n    except:\n        pass\n',
        'pyproject.toml': '[tool.ruff]\nexclude = ["*"]\n',
      });
      expect(report.findings.map(({ rule, file, line }) => [rule, file, line])).toEqual([
        ['B006', 'notes/extra.py', 3],
        ['S324', 'notes/extra.py', 5],
        ['E722', 'notes/extra.py', 6],
      ]);
    });

    it('runs the migrations of a submission that changed them', async () => {
      const report = await grade({
        'notes/migrations/0002_colour.py': `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial")]
    operations = [migrations.AddField("note", "colour", models.CharField(max_length=9, default="red", db_default="red"))]
`,
        'notes/models.py': `from django.db import models
class Note(models.Model):
    owner = models.CharField(max_length=20)
    text = models.CharField(max_length=100)
    colour = models.CharField(max_length=9, default="red", db_default="red")
`,
      });
      expect(Object.values(statuses(report))).toEqual(['passed', 'passed', 'passed', 'passed']);
    });

    it('takes an archive, and puts the files of the task back in place', async () => {
      const files = [
        'manage.py',
        'site_notes/settings.py',
        'site_notes/urls.py',
        'site_notes/wsgi.py',
        'notes/models.py',
        'notes/views.py',
      ];
      const folder = await project({ 'manage.py': 'raise SystemExit("mine")\n' });
      const entries = [
        ...files,
        'notes/migrations/0001_initial.py',
        'notes/migrations/__init__.py',
        'notes/__init__.py',
        'site_notes/__init__.py',
      ];
      const archive = path.join(scratch, 'submission.tar.gz');
      const content = await Promise.all(
        entries.map(async (name) => ({ path: `top/${name}`, content: await readFile(path.join(folder, name)) })),
      );
      await writeFile(archive, await packFiles(content));
      const report = await grader.grade({ pack, archivePath: archive });
      expect(Object.values(statuses(report))).toEqual(['passed', 'passed', 'passed', 'passed']);
    });
  });

  describe('a submission that cannot be graded', () => {
    it.each([
      ['without manage.py', { 'manage.py': null }, 'no-manage-py', /no manage\.py at the top/],
      ['with a syntax error in a view', { 'notes/views.py': 'def notes(request:\n' }, 'syntax-error', /notes\/views\.py, line 1/],
      ['with a syntax error in the settings', { 'site_notes/settings.py': 'x = (\n' }, 'syntax-error', /settings\.py/],
      [
        'that imports a package nobody has',
        { 'notes/views.py': 'import pandas\n' },
        'missing-module',
        /"pandas".*notes\/views\.py, line 1/,
      ],
      [
        'whose migrations fail',
        {
          'notes/migrations/0002_x.py':
            'from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies=[("notes","0001_initial")]\n    operations=[migrations.RunSQL("SELECT nothing FROM nowhere")]\n',
        },
        'migrations-failed',
        /"nowhere" does not exist/,
      ],
      [
        'whose tables the rows do not fit',
        {
          'notes/migrations/0002_x.py':
            'from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies=[("notes","0001_initial")]\n    operations=[migrations.RunSQL("ALTER TABLE notes_note RENAME owner TO possessor")]\n',
        },
        'seed-rows-refused',
        /Keep the tables and columns/,
      ],
      [
        'that needs an undocumented variable',
        { 'site_notes/wsgi.py': 'import os\nos.environ["MY_KEY"]\n' },
        'start-failed',
        /KeyError: 'MY_KEY'/,
      ],
      ['that is misconfigured', { 'site_notes/urls.py': 'urlpatterns = 5\n' }, 'improperly-configured', /site_notes\.urls/],
      ['that ends by itself', { 'site_notes/wsgi.py': 'import os\nos._exit(7)\n' }, 'process-ended', /exit code 7/],
      [
        'that uses up its memory',
        { 'site_notes/wsgi.py': 'x = []\nwhile True:\n    x.append(bytearray(50_000_000))\n' },
        'out-of-memory',
        /512 MiB of memory/,
      ],
      [
        'that answers garbage',
        {
          'site_notes/wsgi.py':
            'import socket\ns = socket.socket(fileno=5)\ndef application(e, r): pass\nimport django.core.servers.basehttp as b\nclass S:\n    def __init__(self, *a, **k): pass\ndef run(self):\n    while True:\n        c, _ = s.accept()\n        c.recv(10)\n        c.sendall(b"PASSED 100/100\\r\\n\\r\\n")\n        c.close()\nb.WSGIServer.serve_forever = run\n',
        },
        'no-http-answer',
        /no proper HTTP answer/,
      ],
    ])('%s', async (_what, changes, code, message) => {
      const report = await grade(changes);
      expect([report.outcome, report.checks]).toEqual(['ungradable', []]);
      expect(report.reason?.code).toMatch(code);
      expect(report.reason?.messageForCandidate).toMatch(message);
      expect(JSON.stringify(report.reason)).not.toContain(os.tmpdir());
    });

    it.each([
      [
        'that never listens',
        { 'site_notes/wsgi.py': 'import time\ntime.sleep(1000)\n' },
        'start-timed-out',
        /importing the WSGI module/,
      ],
      [
        'whose first answer never comes',
        { 'site_notes/wsgi.py': 'import time\ndef application(environ, start): time.sleep(1000)\n' },
        'never-answers',
        /first request/,
      ],
    ])('%s, times out', async (_what, changes, code, message) => {
      const report = await grade(changes);
      expect(report).toMatchObject({ outcome: 'timed_out', reason: { code }, checks: [] });
      expect(report.reason?.messageForCandidate).toMatch(message);
    });

    it('that forks forever', async () => {
      const report = await grade({ 'site_notes/wsgi.py': 'import os\nwhile True:\n    os.fork()\n' });
      expect(['ungradable', 'timed_out']).toContain(report.outcome);
      expect(report.reason).toMatchObject({
        code: 'too-many-processes',
        messageForCandidate: expect.stringContaining('32 processes'),
      });
    });

    it('that is no archive', async () => {
      const archive = path.join(scratch, 'not-an-archive.tar.gz');
      await writeFile(archive, 'hello');
      const report = await grader.grade({ pack, archivePath: archive });
      expect(report).toMatchObject({ outcome: 'ungradable', reason: { code: 'not-an-archive' } });
      expect(report.provenance.submissionHash).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  describe('a project that misbehaves while it runs', () => {
    const view = (body: string) => ({
      'notes/views.py': `import os, sys, time\nfrom django.http import JsonResponse\ndef notes(request):\n    user = request.headers.get("X-User")\n${body}`,
    });

    it('prints 1 GB and is graded all the same, with a bounded report', async () => {
      const report = await grade({
        'site_notes/wsgi.py':
          'import os\nfrom django.core.wsgi import get_wsgi_application\nfor _ in range(1024):\n    os.write(1, b"x" * (1 << 20))\napplication = get_wsgi_application()\n',
      });
      expect(['graded', 'timed_out']).toContain(report.outcome);
      expect(JSON.stringify(report).length).toBeLessThan(100_000);
    });

    it('dies: the checks after that fail, with evidence', async () => {
      const report = await grade(
        view('    if user == "alice":\n        return JsonResponse(["one", "two"], safe=False)\n    os._exit(1)\n'),
      );
      expect(report.outcome).toBe('graded');
      expect(Object.values(statuses(report))).toEqual(['passed', 'failed', 'failed', 'failed']);
      expect(report.checks[3]?.evidence.exchanges[0]).toMatchObject({
        response: null,
        error: expect.stringContaining('closed the connection'),
      });
    });

    it('dies the same way twice', async () => {
      const dying = view('    os.kill(os.getpid(), 9)\n');
      expect(withoutTimings(await grade(dying))).toBe(withoutTimings(await grade(dying)));
    });

    it('hangs in one answer: that check fails at the limit of a request', async () => {
      const report = await grade(
        view('    if user == "carol":\n        time.sleep(3)\n    return JsonResponse(["one", "two"], safe=False)\n'),
      );
      expect(report.outcome).toBe('graded');
      expect(statuses(report)).toMatchObject({ 'b1-notes-are-listed': 'passed', 'd2-list-takes-two-statements': 'failed' });
      expect(report.checks[1]?.messageForReviewer).toContain('no complete answer within 2 seconds');
    });

    it('is too slow for the whole run: timed out, at a known place', async () => {
      const slow = { ...pack, definition: { ...pack.definition, limits: { ...pack.definition.limits, runSeconds: 1 } } };
      const report = await grade(view('    time.sleep(0.7)\n    return JsonResponse(["one", "two"], safe=False)\n'), {
        pack: slow,
      });
      expect(report).toMatchObject({ outcome: 'timed_out', checks: [], reason: { code: 'run-timed-out' } });
      expect(report.reason?.messageForReviewer).toContain('d2-list-takes-two-statements');
    });

    it('earns nothing by what it prints, nor by answers of the wrong type', async () => {
      const report = await grade(
        view('    print("4 passed, 0 failed")\n    return JsonResponse({"length": 2, "0": "one", "1": "two"})\n'),
      );
      expect(Object.values(statuses(report))).toEqual(['failed', 'passed', 'failed', 'failed']);
    });

    it('fills its database: it is stopped', async () => {
      const report = await grade({
        'site_notes/wsgi.py': `from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE big (filler char(1900))")
    while True:
        cursor.execute("INSERT INTO big SELECT md5(n::text) FROM generate_series(1, 50000) AS n")
`,
      });
      expect(report).toMatchObject({ outcome: 'ungradable', reason: { code: 'database-too-large' } });
    });
  });

  describe('a fault of ours', () => {
    const infra = async (options: { driver?: BubblewrapDriver; pack?: TaskPack; more?: Partial<GradeRequest> }) => {
      const other = createGrader({ sandbox: options.driver ?? new BubblewrapDriver(), runtime });
      try {
        const report = await other.grade({ pack: options.pack ?? pack, folder: await project({}), ...options.more });
        expect(gradingReportSchema.safeParse(report).error).toBeUndefined();
        return report;
      } finally {
        await other.close();
      }
    };

    it('no sandbox: nothing is graded', async () => {
      const report = await infra({ driver: new BubblewrapDriver('/nonexistent/bwrap') });
      expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code: 'sandbox-unavailable' }, checks: [] });
      expect(report.reason?.messageForCandidate).toContain('not your fault');
    });

    it('a check that crashes is named', async () => {
      const folder = path.join(scratch, 'crash', 'tiny-notes');
      await cp(PACK, folder, { recursive: true });
      await writeFile(
        path.join(folder, 'hidden-checks', 'notes.ts'),
        `export const checks = { ${pack.definition.checks.map(({ id }) => `'${id}': async () => { throw new TypeError('oops'); }`).join(', ')} };`,
      );
      const report = await infra({ pack: await loadTaskPack(folder) });
      expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code: 'check-crashed' } });
      expect(report.reason?.messageForReviewer).toContain('"b1-notes-are-listed" crashed: TypeError: oops');
    });

    it('a database server that is killed under a run, and the next run works', async () => {
      const own = new GradingCluster(() => undefined);
      const other = createGrader({ sandbox: new BubblewrapDriver(), runtime, cluster: own });
      try {
        await other.prepare(pack);
        const { pid } = (await own.get()).postgres;
        const folder = await project({
          'site_notes/wsgi.py': `import time
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
def application(environ, start):
    time.sleep(0.5)
    return inner(environ, start)
`,
        });
        const onProgress = (line: string): void => void (line.includes('hidden checks') && process.kill(pid, 'SIGKILL'));
        // One check that only speaks HTTP: the project answers it with an error, which must not count.
        const short = { ...pack, definition: { ...pack.definition, checks: pack.definition.checks.slice(0, 1) } };
        const report = await other.grade({ pack: short, folder, onProgress });
        expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code: 'grading-database-failed' } });
        expect((await other.grade({ pack, folder: await project({}) })).outcome).toBe('graded');
      } finally {
        await other.close();
      }
    });
  });

  it('stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const waiting = grade({ 'site_notes/wsgi.py': 'import time\ntime.sleep(1000)\n' }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 1_000);
    expect((await waiting).outcome).toBe('cancelled');
  });

  it('measures queue time from when the run was asked for, and leaves nothing behind', async () => {
    const report = await grade({}, { requestedAt: new Date(Date.now() - 5_000).toISOString() });
    expect(report.timings.queueMs).toBeGreaterThanOrEqual(5_000);
    for (let tries = 0; tries < 50 && (await readdir(workRoot)).length > 0; tries += 1) await sleep(50);
    expect(await readdir(workRoot)).toEqual([]);
    const running = await cluster.get();
    const left =
      "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname LIKE 'sub_%' AND datdba::regrole::text LIKE 'sub_%'";
    for (let tries = 0; tries < 50 && (await running.administer(left)).length > 0; tries += 1) await sleep(50);
    expect(await running.administer(left)).toEqual([]);
    expect(await running.administer("SELECT rolname FROM pg_roles WHERE rolname LIKE 'sub_%' AND rolcanlogin")).toEqual([]);
  });
});
