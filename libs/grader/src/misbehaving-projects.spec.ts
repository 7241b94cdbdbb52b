import { GradingBench, statuses, withoutTimings } from '../fixtures/grading-bench';

jest.setTimeout(120_000);

describe('a project that misbehaves while it runs', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  const view = (body: string) => ({
    'notes/views.py': `import os, sys, time\nfrom django.http import JsonResponse\ndef notes(request):\n    user = request.headers.get("X-User")\n${body}`,
  });

  it('prints 1 GB and is graded all the same, with a bounded report', async () => {
    const report = await bench.grade({
      'site_notes/wsgi.py':
        'import os\nfrom django.core.wsgi import get_wsgi_application\nfor _ in range(1024):\n    os.write(1, b"x" * (1 << 20))\napplication = get_wsgi_application()\n',
    });
    expect(['graded', 'timed_out']).toContain(report.outcome);
    expect(JSON.stringify(report).length).toBeLessThan(100_000);
  });

  it('dies: the checks after that have nothing to judge, with evidence', async () => {
    const report = await bench.grade(
      view('    if user == "alice":\n        return JsonResponse(["one", "two"], safe=False)\n    os._exit(1)\n'),
    );
    expect(report.outcome).toBe('graded');
    expect(Object.values(statuses(report))).toEqual(['passed', 'errored', 'errored', 'errored']);
    expect(report.checks[3]?.evidence.exchanges[0]).toMatchObject({
      response: null,
      error: expect.stringContaining('closed the connection'),
    });
  });

  it('dies the same way twice', async () => {
    const dying = view('    os.kill(os.getpid(), 9)\n');
    expect(withoutTimings(await bench.grade(dying))).toBe(withoutTimings(await bench.grade(dying)));
  });

  it('hangs in one answer: that check errs at the limit of a request', async () => {
    const report = await bench.grade(
      view('    if user == "carol":\n        time.sleep(3)\n    return JsonResponse(["one", "two"], safe=False)\n'),
    );
    expect(report.outcome).toBe('graded');
    expect(statuses(report)).toMatchObject({ 'b1-notes-are-listed': 'passed', 'd2-list-takes-two-statements': 'errored' });
    expect(report.checks[1]?.messageForReviewer).toContain('no complete answer within 2 seconds');
  });

  it('is too slow for the whole run: timed out, at a known place', async () => {
    const slow = {
      ...bench.pack,
      definition: { ...bench.pack.definition, limits: { ...bench.pack.definition.limits, runSeconds: 1 } },
    };
    const report = await bench.grade(view('    time.sleep(0.7)\n    return JsonResponse(["one", "two"], safe=False)\n'), {
      pack: slow,
    });
    expect(report).toMatchObject({ outcome: 'timed_out', checks: [], reason: { code: 'run-timed-out' } });
    expect(report.reason?.messageForReviewer).toContain('d2-list-takes-two-statements');
  });

  it('earns nothing by what it prints, nor by answers of the wrong type', async () => {
    const report = await bench.grade(
      view('    print("4 passed, 0 failed")\n    return JsonResponse({"length": 2, "0": "one", "1": "two"})\n'),
    );
    expect(Object.values(statuses(report))).toEqual(['failed', 'failed', 'failed', 'failed']);
  });

  it('fills its database: it is stopped', async () => {
    const report = await bench.grade({
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
