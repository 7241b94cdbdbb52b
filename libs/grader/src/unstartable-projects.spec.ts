import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { GradingBench } from '../fixtures/grading-bench';

jest.setTimeout(120_000);

/** Reads the task's rows before anything is asked. */
const ROWS = `import os
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT owner, text FROM notes_note ORDER BY id")
    rows = cursor.fetchall()
`;

describe('a submission that cannot be graded', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  it.each<[string, Record<string, string>, string]>([
    ['raises with the rows', { 'site_notes/wsgi.py': `${ROWS}raise RuntimeError(rows)\n` }, 'start-failed'],
    [
      'prints them and ends',
      { 'site_notes/wsgi.py': `${ROWS}print(rows, flush=True)\nos._exit(len(rows[0]))\n` },
      'process-ended',
    ],
    [
      'prints them and never answers',
      { 'site_notes/wsgi.py': `${ROWS}print(rows, flush=True)\napplication = lambda environ, start: os._exit(3)\n` },
      'no-http-answer',
    ],
  ])('that %s tells its author none of the rows', async (_what, files, code) => {
    const report = await bench.grade(files);
    expect(report).toMatchObject({ outcome: 'ungradable', reason: { code } });
    expect(report.reason?.messageForReviewer).toBeTruthy();
    expect(`${report.reason?.messageForCandidate} ${report.reason?.log}`).not.toMatch(/alice|bob|one|three/);
  });

  it('that only fails on the rows is told so, in no words of its own', async () => {
    const report = await bench.grade({
      'site_notes/wsgi.py': `${ROWS}application = None\nif rows:\n    raise RuntimeError("secret " + str(rows))\n`,
    });
    expect(report.reason).toMatchObject({ code: 'start-failed', log: '' });
    expect(report.reason?.messageForCandidate).toMatch(/does not fail like that on a database without the task's rows/);
    expect(report.reason?.messageForReviewer).toContain('alice');
  });

  it('tells its author the last lines of its own error', async () => {
    const report = await bench.grade({ 'site_notes/wsgi.py': 'print("about to fail")\nraise RuntimeError("own words")\n' });
    expect(report.reason?.messageForCandidate).toContain('RuntimeError: own words');
    expect(report.reason?.log).toMatch(/about to fail.*site_notes\/wsgi\.py", line 2.*RuntimeError: own words/s);
  });

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
          'import os\ndef application(environ, start):\n    for descriptor in range(6, 64):\n        try:\n            os.write(descriptor, b"PASSED 100/100\\r\\n\\r\\n")\n        except OSError:\n            pass\n    os._exit(0)\n',
      },
      'no-http-answer',
      /no proper HTTP answer/,
    ],
  ])('%s', async (_what, changes, code, message) => {
    const report = await bench.grade(changes);
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
    const report = await bench.grade(changes);
    expect(report).toMatchObject({ outcome: 'timed_out', reason: { code }, checks: [] });
    expect(report.reason?.messageForCandidate).toMatch(message);
  });

  it('that forks forever', async () => {
    const report = await bench.grade({ 'site_notes/wsgi.py': 'import os\nwhile True:\n    os.fork()\n' });
    expect(['ungradable', 'timed_out']).toContain(report.outcome);
    expect(report.reason).toMatchObject({
      code: 'too-many-processes',
      messageForCandidate: expect.stringContaining('32 processes'),
    });
  });

  it('that is no archive', async () => {
    const archive = path.join(bench.scratch, 'not-an-archive.tar.gz');
    await writeFile(archive, 'hello');
    const report = await bench.grader.grade({ pack: bench.pack, archivePath: archive });
    expect(report).toMatchObject({ outcome: 'ungradable', reason: { code: 'not-an-archive' } });
    expect(report.provenance.submissionHash).toMatch(/^[0-9a-f]{64}$/);
  });
});
