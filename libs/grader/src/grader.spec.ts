import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packFiles } from '@assay/archive/pack-folder';
import { reportJsonSchema } from '@assay/contracts/report-json-schema';
import Ajv2020 from 'ajv/dist/2020';
import { GradingBench, statuses, withoutTimings } from '../fixtures/grading-bench';

jest.setTimeout(120_000);

describe('grading', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  describe('evidence', () => {
    it('is the same, byte for byte, for two gradings of one submission, also side by side', async () => {
      const first = await bench.grade({});
      expect(first.outcome).toBe('graded');
      expect(Object.values(statuses(first))).toEqual(['passed', 'passed', 'passed', 'passed']);
      const [second, third] = await Promise.all([bench.grade({}), bench.grade({})]);
      expect(withoutTimings(second)).toBe(withoutTimings(first));
      expect(withoutTimings(third)).toBe(withoutTimings(first));
    });

    it('says what was asked, what came back and what the database did', async () => {
      const report = await bench.grade({});
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
        pack: { contentHash: bench.pack.contentHash },
      });
    });

    it('is a report as it is published, and says all that a repetition needs', async () => {
      const report = await bench.grade({});
      const valid = new Ajv2020({ strictTypes: false }).compile(reportJsonSchema());
      expect([valid(report), valid.errors]).toEqual([true, null]);
      const { provenance } = report;
      const unknown = Object.entries(provenance).filter(([, value]) => value === null);
      // Nothing was archived, and the pack uses no Redis.
      expect(
        unknown
          .filter(([name]) => name !== 'graderCommit')
          .map(([name]) => name)
          .sort(),
      ).toEqual(['archiveSha256', 'redis']);
      expect(provenance).toMatchObject({
        django: expect.stringMatching(/^\d+\.\d+/),
        node: process.versions.node,
        limits: { startSeconds: 8, memoryMiB: 512, cpuSeconds: 20, fileMiB: 32 },
        locale: 'C.UTF-8',
        timezone: 'UTC',
      });
    });

    it('counts statements at the database', async () => {
      const report = await bench.grade({
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
      const report = await bench.grade({
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
      const report = await bench.grade({
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
      const folder = await bench.project({ 'manage.py': 'raise SystemExit("mine")\n' });
      const entries = [
        ...files,
        'notes/migrations/0001_initial.py',
        'notes/migrations/__init__.py',
        'notes/__init__.py',
        'site_notes/__init__.py',
      ];
      const archive = path.join(bench.scratch, 'submission.tar.gz');
      const content = await Promise.all(
        entries.map(async (name) => ({ path: `top/${name}`, content: await readFile(path.join(folder, name)) })),
      );
      await writeFile(archive, await packFiles(content));
      const report = await bench.grader.grade({ pack: bench.pack, archivePath: archive });
      expect(Object.values(statuses(report))).toEqual(['passed', 'passed', 'passed', 'passed']);
    });
  });

  it('stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const waiting = bench.grade({ 'site_notes/wsgi.py': 'import time\ntime.sleep(1000)\n' }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 1_000);
    expect((await waiting).outcome).toBe('cancelled');
  });

  it('measures queue time from when the run was asked for, and leaves nothing behind', async () => {
    const report = await bench.grade({}, { requestedAt: new Date(Date.now() - 5_000).toISOString() });
    expect(report.timings.queueMs).toBeGreaterThanOrEqual(5_000);
    for (let tries = 0; tries < 50 && (await readdir(bench.workRoot)).length > 0; tries += 1) await sleep(50);
    expect(await readdir(bench.workRoot)).toEqual([]);
    const running = await bench.cluster.get();
    const left = async () => {
      const ready = await running.pool.names();
      const found = await running.administer(
        `SELECT datname AS name FROM pg_database WHERE datname LIKE 'sub_%' AND datdba::regrole::text LIKE 'sub_%'
          UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'sub_%' AND rolcanlogin`,
      );
      return found.map(({ name }) => String(name)).filter((name) => !ready.includes(name.replace(/_judge$/, '')));
    };
    for (let tries = 0; tries < 50 && (await left()).length > 0; tries += 1) await sleep(50);
    expect(await left()).toEqual([]);
  });
});
