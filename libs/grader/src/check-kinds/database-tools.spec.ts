import { readFile } from 'node:fs/promises';
import type { CheckResult, GradingReport } from '@assay/contracts/grading-report';
import { type Changes, GradingBench, TINY_SEATS, withChecksOf, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

const SETTINGS_END = `DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
`;

describe('checks about database and cache, on a real project', () => {
  let bench: GradingBench;
  beforeAll(async () => {
    bench = await GradingBench.open(TINY_SEATS);
  }, 600_000);
  afterAll(() => bench.close());

  const gradeOne = async (id: string, changes: Changes = {}): Promise<{ report: GradingReport; check: CheckResult }> => {
    const file = bench.pack.definition.checks.find((check) => check.id === id)?.file ?? '';
    const report = await bench.grade(changes, { pack: withChecksOf(bench.pack, file) });
    expect(report.reason).toBeNull();
    const check = report.checks.find((one) => one.id === id);
    if (!check) throw new Error('no check ran');
    return { report, check };
  };
  /** A file of the reference with some of its text replaced. */
  const changed = async (file: string, from: string, to: string): Promise<Changes> => {
    const text = await readFile(`${TINY_SEATS}/reference/${file}`, 'utf8').catch(() =>
      readFile(`${TINY_SEATS}/starter/${file}`, 'utf8'),
    );
    expect(text).toContain(from);
    return { [file]: text.replace(from, to) };
  };
  const views = (from: string, to: string) => changed('box/views.py', from, to);
  /** The settings with something added. */
  const settings = (text: string) => changed('site_box/settings.py', SETTINGS_END, `${SETTINGS_END}${text}\n`);

  it('pass for the reference in one grade, but those about the sessions that Django opens by itself, and leave the same evidence in the next', async () => {
    const first = await bench.grade({});
    expect(first.reason).toBeNull();
    const others = first.checks.filter(({ status }) => status !== 'passed');
    expect(others.map(({ id, messageForReviewer }) => [id, messageForReviewer])).toEqual([
      ['d3-sessions-are-kept', 'sessions are per-request'],
      ['d3-sessions-stay-below-the-limit', 'sessions that were refused: expected 0, got 3'],
    ]);
    expect(withoutTimings(await bench.grade({}))).toBe(withoutTimings(first));
  });

  describe('plans of what a request sent', () => {
    const ID = 'd1-bookings-are-found-by-index';

    it('show an index that finds the rows, the same in every grade', async () => {
      const { report, check } = await gradeOne(ID);
      expect(check).toMatchObject({ status: 'passed', evidence: { measurements: { statements: 1 } } });
      expect(check.evidence.records).toEqual([
        {
          kind: 'query-plan',
          title: expect.stringMatching(/^SELECT .* FROM "box_booking" WHERE .* = \? ORDER BY .* DESC LIMIT \?$/),
          text: [
            'Limit',
            '  Sort [Sort Key: box_booking.id DESC]',
            '    Bitmap Heap Scan on box_booking [Recheck Cond: ((box_booking.customer)::text = ?::text)]',
            '      Bitmap Index Scan by booking_of_customer [Index Cond: ((box_booking.customer)::text = ?::text)]',
          ].join('\n'),
          truncated: false,
        },
      ]);
      expect(withoutTimings((await gradeOne(ID)).report)).toBe(withoutTimings(report));
    });

    it('show the table that is read from end to end, and by which columns', async () => {
      const { check } = await gradeOne(ID, { 'box/migrations/0002_booking_of_customer.py': null });
      expect(check.status).toBe('failed');
      expect(check.messageForReviewer).toContain('"columns":["customer"]');
      expect(check.messageForReviewer).toContain('"rows":20003');
    });

    it('are asked for with parameters that are bound by the server too', async () => {
      const bound = await settings('DATABASES["default"]["OPTIONS"] = {"server_side_binding": True}');
      const { check } = await gradeOne(ID, bound);
      expect(check).toMatchObject({ status: 'passed' });
      expect(check.evidence.records[0]?.text).toContain('booking_of_customer');
      const { check: without } = await gradeOne(ID, { ...bound, 'box/migrations/0002_booking_of_customer.py': null });
      expect(without.messageForReviewer).toContain('"columns":["customer"]');
    });

    it('do not pass a function that hides the work', async () => {
      const hidden = {
        'box/migrations/0002_booking_of_customer.py': `
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("box", "0001_initial")]
    operations = [migrations.RunSQL("""CREATE FUNCTION of_customer(name text) RETURNS SETOF box_booking LANGUAGE plpgsql STABLE AS
        $$ BEGIN RETURN QUERY SELECT * FROM box_booking WHERE customer = name; END $$""")]
`,
        ...(await views(
          'Booking.objects.filter(customer=request.headers.get("X-User", "")).order_by("-id")[:20]',
          'Booking.objects.raw("SELECT * FROM of_customer(%s)", [request.headers.get("X-User", "")])',
        )),
      };
      const { check } = await gradeOne(ID, hidden);
      expect(check).toMatchObject({ status: 'failed' });
      expect(check.messageForReviewer).toContain('no plan shows the work of "SELECT * FROM of_customer(?)"');
    });

    it('change nothing: what is planted in a plan cannot write', async () => {
      const planted = {
        'box/migrations/0002_booking_of_customer.py': `
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("box", "0001_initial")]
    operations = [
        migrations.AddIndex("booking", models.Index(fields=["customer", "id"], name="booking_of_customer")),
        migrations.RunSQL("""
CREATE FUNCTION plant() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE box_event SET name = 'planted'; END $$;
CREATE FUNCTION always() RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF session_user <> current_user THEN PERFORM plant(); END IF;
  RETURN true;
EXCEPTION WHEN read_only_sql_transaction THEN RETURN true;
END $$;
CREATE VIEW seen AS SELECT * FROM box_booking WHERE always()"""),
    ]
`,
        ...(await views(
          'Booking.objects.filter(customer=request.headers.get("X-User", "")).order_by("-id")[:20]',
          'Booking.objects.raw("SELECT * FROM seen WHERE customer = %s", [request.headers.get("X-User", "")])',
        )),
      };
      // It passes: an index finds the rows, and what the judge planned had no effect.
      expect((await gradeOne(ID, planted)).check).toMatchObject({ status: 'passed' });
    });

    it('are refused where one of them calls a function by another name', async () => {
      const operator = {
        'box/migrations/0002_booking_of_customer.py': `
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("box", "0001_initial")]
    operations = [migrations.RunSQL("""
CREATE FUNCTION ids_of(name text, other text) RETURNS bigint[] LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN (SELECT array_agg(id) FROM box_booking WHERE customer = name); END $$;
CREATE OPERATOR ==> (FUNCTION = ids_of, LEFTARG = text, RIGHTARG = text)""")]
`,
        ...(await views(
          'Booking.objects.filter(customer=request.headers.get("X-User", "")).order_by("-id")[:20]',
          'Booking.objects.raw("SELECT unnest(%s::text ==> %s::text) AS id", [request.headers.get("X-User", ""), ""])',
        )),
      };
      const { check } = await gradeOne(ID, operator);
      expect(check).toMatchObject({ status: 'failed' });
      expect(check.messageForReviewer).toContain('no plan shows the work of');
    });
  });

  describe('slope', () => {
    const ID = 'd2-events-cost-no-statement-each';

    it('is nothing when the database counts', async () => {
      const { check } = await gradeOne(ID);
      expect(check).toMatchObject({
        status: 'passed',
        evidence: { measurements: { slope: 0, 'slope: statements for 5 rows': 1, 'slope: statements for 45 rows': 1 } },
      });
    });

    const PER_ROW = '{"id": one.id, "booked": one.booked}';
    it('is one when each row is asked for', async () => {
      const { check } = await gradeOne(ID, await views(PER_ROW, '{"id": one.id, "booked": one.booking_set.count()}'));
      expect(check).toMatchObject({ status: 'failed', evidence: { measurements: { slope: 1 } } });
    });

    it('is no smaller when the short list is made expensive', async () => {
      const code = '{"id": one.id, "booked": [one.booking_set.count() for _ in range(9 if one.id < 106 else 1)][0]}';
      const { check } = await gradeOne(ID, await views(PER_ROW, code));
      expect(check.status).toBe('failed');
      expect(check.evidence.measurements.slope).toBeGreaterThan(0.7);
    });

    it('is refused when rows are missing, or made up', async () => {
      const { check } = await gradeOne(ID, await views('[:50]', '[:20]'));
      expect(check.messageForReviewer).toBe('the answer that should hold 45 rows holds 20');
      const { check: same } = await gradeOne(ID, await views(PER_ROW, '{"id": 1, "booked": one.booked}'));
      expect(same.messageForReviewer).toBe('the answer that should hold 5 rows holds only 1 that differ');
    });
  });

  describe('sessions with the database', () => {
    const sessions = ({ evidence }: CheckResult) => evidence.records.find(({ kind }) => kind === 'connections')?.text;

    it('are opened by every request as Django comes, and refused at a limit', async () => {
      const { check, report } = await gradeOne('d3-sessions-are-kept');
      expect(check.status).toBe('failed');
      expect(sessions(check)).toBe(
        [
          'per-request',
          '4 opened by 4 requests one after the other',
          '6 requests at the same time: 6 opened, 6 at once, 0 left',
        ].join('\n'),
      );
      expect(withoutTimings((await gradeOne('d3-sessions-are-kept')).report)).toBe(withoutTimings(report));
      const { check: burst } = await gradeOne('d3-sessions-stay-below-the-limit');
      expect(burst.messageForReviewer).toBe('sessions that were refused: expected 0, got 3');
    });

    it('are kept by CONN_MAX_AGE, which bounds nothing', async () => {
      const kept = await settings('DATABASES["default"]["CONN_MAX_AGE"] = None');
      const { check } = await gradeOne('d3-sessions-are-kept', kept);
      expect(check.status).toBe('passed');
      expect(sessions(check)).toMatch(/^persistent\n0 opened by 4 /);
      expect((await gradeOne('d3-sessions-stay-below-the-limit', kept)).check.status).toBe('failed');
    });

    it('are as many as a pool has', async () => {
      const pooled = {
        ...(await settings('DATABASES["default"]["ENGINE"] = "box.pooled"')),
        'box/pooled/__init__.py': '',
        'box/pooled/base.py': POOL,
      };
      const { check } = await gradeOne('d3-sessions-are-kept', pooled);
      expect(sessions(check)).toMatch(/^pooled\n0 opened by 4 .*\n.*: 0 opened, 2 at once, 2 left$/);
      expect((await gradeOne('d3-sessions-stay-below-the-limit', pooled)).check.status).toBe('passed');
    });
  });

  describe('a cache', () => {
    it('answers from Redis, is fresh after a write, and keeps users apart', async () => {
      for (const id of ['d4-event-comes-from-redis', 'd4-event-is-fresh-after-a-write', 'd4-nobody-gets-the-answer-of-another']) {
        expect((await gradeOne(id)).check).toMatchObject({ id, status: 'passed' });
      }
    });

    it('in the memory of the process is none in Redis', async () => {
      const inProcess = await settings('CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}');
      const { check } = await gradeOne('d4-event-comes-from-redis', inProcess);
      expect(check.messageForReviewer).toBe('the second answer comes from Redis');
      expect(check.evidence.records[0]?.text).toContain('statements with an empty cache: 1, again: 0, emptied once more: 0');
    });

    it('that is written to and never read is none', async () => {
      const pretended = await views(
        'get_or_make(f"event {event_id}", lambda: Event.objects.values("name", "seats").get(id=event_id), 60)',
        'Event.objects.values("name", "seats").get(id=event_id)\n    cache.set(f"event {event_id}", shown, 60)',
      );
      expect((await gradeOne('d4-event-comes-from-redis', pretended)).check.status).toBe('failed');
    });

    it('that keeps things for ever is seen', async () => {
      const { check } = await gradeOne(
        'd4-event-comes-from-redis',
        await views('.get(id=event_id), 60)', '.get(id=event_id), None)'),
      );
      expect(check.messageForReviewer).toBe('what is cached goes by itself');
    });

    it('that is stale after a write is seen', async () => {
      const { check } = await gradeOne(
        'd4-event-is-fresh-after-a-write',
        await views('        cache.delete(f"event {event_id}")\n', ''),
      );
      expect(check.messageForReviewer).toBe('the name after it was changed: expected "renamed", got "opera"');
    });

    it('that gives one user what is for another is seen', async () => {
      const { check } = await gradeOne(
        'd4-nobody-gets-the-answer-of-another',
        await views(
          'lambda: Event.objects.values("name", "seats").get(id=event_id), 60)\n    return JsonResponse({**shown, "for": request.headers.get("X-User", "")})',
          'lambda: {**Event.objects.values("name", "seats").get(id=event_id), "for": request.headers.get("X-User", "")}, 60)\n    return JsonResponse(shown)',
        ),
      );
      expect(check.messageForReviewer).toBe('users who got the answer of another: expected [], got ["bob"]');
    });

    it('is asked for once by many that miss it at the same time, or by each of them', async () => {
      const { check } = await gradeOne('d4-many-misses-ask-once');
      expect(check).toMatchObject({ status: 'passed' });
      const unguarded = {
        'box/cached.py': `from django.core.cache import cache
def get_or_make(key, make, seconds):
    return cache.get_or_set(key, make, seconds)
`,
      };
      const { check: each } = await gradeOne('d4-many-misses-ask-once', unguarded);
      expect(each.messageForReviewer).toBe('statements of six that miss at the same time: expected 1, got 6');
    });

    it('is seen to hold what others have changed in the database', async () => {
      expect((await gradeOne('d4-event-stays-cached-when-others-write')).check).toMatchObject({ status: 'passed' });
    });
  });
});

/** A database backend with two sessions for all threads. */
const POOL = `import queue
from django.db.backends.postgresql import base

SESSIONS = queue.LifoQueue()
for _ in range(2):
    SESSIONS.put(None)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, parameters):
        kept = SESSIONS.get()
        try:
            return kept or super().get_new_connection(parameters)
        except BaseException:
            SESSIONS.put(None)
            raise

    def _close(self):
        if self.connection is not None:
            self.connection.rollback()
            SESSIONS.put(self.connection)
`;
