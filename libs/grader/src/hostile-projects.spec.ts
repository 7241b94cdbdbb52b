import { GradingBench, statuses } from '../fixtures/grading-bench';

jest.setTimeout(180_000);

describe('a project that works against its judge', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  /** Runs SQL in the project's database before it serves. */
  const prepared = (sql: string) => ({
    'site_notes/wsgi.py': `from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("""${sql}""")
`,
  });
  const view = (body: string) => ({
    'notes/views.py': `import sys, time\nfrom django.http import HttpResponse, JsonResponse\ndef notes(request):\n    user = request.headers.get("X-User")\n${body}`,
  });
  const onInsert = (body: string) =>
    prepared(`CREATE FUNCTION react() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$;
      CREATE TRIGGER react BEFORE INSERT ON notes_note FOR EACH ROW EXECUTE FUNCTION react()`);

  it.each(['58030', '57P01', '53200', 'XX000', '08006'])(
    'raises an error that speaks of a broken server (%s): it fails, and is not graded again and again',
    async (code) => {
      const report = await bench.grade(onInsert(`RAISE EXCEPTION 'broken' USING ERRCODE = '${code}';`));
      expect(report.outcome).toBe('graded');
      expect(statuses(report)).toMatchObject({ 'b1-notes-are-listed': 'passed', 'd2-list-takes-two-statements': 'failed' });
    },
  );

  it('uses up the locks of the server: it is stopped, and is not graded again and again', async () => {
    const takeLocks = 'SELECT count(pg_advisory_lock(n)) FROM generate_series(1, 1000000) AS n';
    const atStart = await bench.grade({
      'site_notes/wsgi.py': `import time
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.db import connection
try:
    connection.cursor().execute("${takeLocks}")
except Exception:
    time.sleep(6)
`,
    });
    expect(atStart).toMatchObject({ outcome: 'ungradable', reason: { code: 'too-many-locks' } });
    const later = await bench.grade(
      view(
        `    if user == "carol":\n        from django.db import connection\n        try:\n            connection.cursor().execute("${takeLocks}")\n        except Exception:\n            pass\n    return JsonResponse(["one", "two"], safe=False)\n`,
      ),
    );
    expect(later.outcome).toBe('graded');
    // Whether it still answered when it was stopped is its own luck, and earns nothing either way.
    const { 'b1-notes-are-listed': listed, 'b1-notes-are-created': created } = statuses(later);
    expect([listed, ['failed', 'errored'].includes(String(created))]).toEqual(['passed', true]);
  });

  it("holds the judge's statement for ever: the run ends all the same", async () => {
    const report = await bench.grade(
      onInsert(`PERFORM set_config('statement_timeout', '0', false);
        LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;`),
    );
    expect(report).toMatchObject({ outcome: 'timed_out', reason: { code: 'run-timed-out' } });
  });

  it("ends the judge's session from within: it fails, and is not graded again and again", async () => {
    const report = await bench.grade(onInsert('SET ROLE NONE; PERFORM pg_terminate_backend(pg_backend_pid());'));
    expect(report.outcome).toBe('graded');
    expect(statuses(report)).toMatchObject({ 'b1-notes-are-listed': 'passed', 'd2-list-takes-two-statements': 'failed' });
  });

  it("leaves nothing behind in the judge's session", async () => {
    const report = await bench.grade({
      ...prepared(`CREATE FUNCTION react() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          CREATE OR REPLACE TEMP VIEW notes_note AS SELECT 'bob' AS owner, generate_series(1, 2) AS id;
          PERFORM set_config('search_path', 'elsewhere', false); RETURN NULL; END $$;
        CREATE SCHEMA elsewhere;
        CREATE TRIGGER react AFTER INSERT ON notes_note EXECUTE FUNCTION react()`),
    });
    expect(statuses(report)).toMatchObject({ 'b1-notes-are-created': 'passed' });
    const shadow = await bench.grade({
      ...onInsert(
        "IF NEW.owner = 'carol' THEN CREATE OR REPLACE TEMP VIEW notes_note AS SELECT 'bob' AS owner, generate_series(1, 2); END IF;",
      ),
      ...view(
        '    if request.method == "POST":\n        return JsonResponse({}, status=201)\n    return JsonResponse(["three", "four"], safe=False)\n',
      ),
    });
    expect(statuses(shadow)).toMatchObject({ 'b1-notes-are-created': 'failed' });
  });

  it('makes its database undroppable: it is dropped', async () => {
    await bench.grade(prepared(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database()); END $$`));
    const cluster = await bench.cluster.get();
    const left = async () =>
      (await cluster.administer("SELECT datname FROM pg_database WHERE datname LIKE 'sub_%' AND datistemplate")).length;
    for (let tries = 0; tries < 50 && (await left()) > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await left()).toBe(0);
  });

  it('answers what no database can store: the evidence can be stored', async () => {
    const report = await bench.grade(view('    return HttpResponse("\\0\\\\u0000" + "x " * 996 + "\\U0001F600" * 100)\n'));
    expect(report.outcome).toBe('graded');
    expect(report.checks[0]?.evidence.exchanges[0]?.response?.body).toMatch(/^\ufffd.*\ufffd$/s);
    const cluster = await bench.cluster.get();
    await expect(cluster.administer('SELECT $1::jsonb', [JSON.stringify(report)])).resolves.toHaveLength(1);
  });

  it('prints what it was asked and then hangs: its author does not read it', async () => {
    const slow = {
      ...bench.pack,
      definition: { ...bench.pack.definition, limits: { ...bench.pack.definition.limits, runSeconds: 1 } },
    };
    const report = await bench.grade(
      view('    print("asked by", user, flush=True)\n    time.sleep(0.7)\n    return JsonResponse(["one", "two"], safe=False)\n'),
      { pack: slow },
    );
    expect(report).toMatchObject({ outcome: 'timed_out', reason: { code: 'run-timed-out', log: '' } });
    expect(report.reason?.messageForCandidate).not.toContain('asked by');
    expect(report.reason?.messageForReviewer).toContain('asked by alice');
  });
});
