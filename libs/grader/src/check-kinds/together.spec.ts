import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { GradingBench, TINY_SEATS, withChecksOf, withoutTimings } from '../../fixtures/grading-bench';
import { IMPORTS, WRONG } from '../../fixtures/seat-sellers';

jest.setTimeout(120_000);

/** Further ways to sell, right and wrong: together.deep.spec.ts. */
describe('requests at the same time to a real project', () => {
  let bench: GradingBench;
  let pack: TaskPack;
  beforeAll(async () => {
    bench = await GradingBench.open(TINY_SEATS);
    pack = withChecksOf(bench.pack, 'race.ts');
  }, 600_000);
  afterAll(() => bench.close());

  const race = async (code: string | null) => {
    const report = await bench.grade(code === null ? {} : { 'box/booking.py': code }, { pack });
    expect(report.reason).toBeNull();
    const [check] = report.checks;
    return { report, check };
  };

  it('sell no seat twice in any of 20 rounds, when a lock is held while counting', async () => {
    const first = await race(null);
    expect(first.check).toMatchObject({
      status: 'passed',
      evidence: { measurements: { roundsSoldTwice: 0, roundsSoldOut: 20 } },
    });
    expect(first.check?.evidence.records[0]).toEqual({
      kind: 'race',
      title: '6 requests at the same time',
      text: 'asked: POST /events/1/book/ as alice (6 times)\nanswered: 201 (2 times), 409 (4 times)',
      truncated: false,
    });
    expect(withoutTimings((await race(null)).report)).toBe(withoutTimings(first.report));
  });

  it('leave the same evidence in every grade, also where they go wrong', async () => {
    const [code = ''] = Object.values(WRONG);
    const { report, check } = await race(code);
    expect(check).toMatchObject({ status: 'failed', evidence: { measurements: { roundsSoldTwice: 20 } } });
    expect(withoutTimings((await race(code)).report)).toBe(withoutTimings(report));
  });

  describe('of two processes', () => {
    const acrossTwo = async (code: string | null) => {
      const report = await bench.grade(code === null ? {} : { 'box/booking.py': code }, {
        pack: withChecksOf(bench.pack, 'race-across.ts'),
      });
      expect(report.reason).toBeNull();
      return report.checks[0];
    };

    it('sell no seat twice when the database keeps the lock', async () => {
      const check = await acrossTwo(null);
      expect(check).toMatchObject({ status: 'passed' });
      expect(check?.evidence.records.map(({ title }) => title)).toContain('6 requests at the same time to 2 processes');
    });

    it('sell no seat twice with a lock in Redis, which the database knows nothing of', async () => {
      const inRedis = `import time
from django.core.cache import cache
${IMPORTS}
def book_seat(event_id, customer):
    while not cache.add("selling", True, 10):
        time.sleep(0.02)
    try:
        event = Event.objects.get(id=event_id)
        if event.booking_set.count() >= event.seats:
            return SOLD_OUT
        return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
    finally:
        cache.delete("selling")
`;
      expect(await acrossTwo(inRedis)).toMatchObject({ status: 'passed' });
    });

    it('sell seats twice when each process has a lock of its own, with which one process does well', async () => {
      const ofProcess = `import threading
${IMPORTS}
LOCK = threading.Lock()
def book_seat(event_id, customer):
    with LOCK:
        event = Event.objects.get(id=event_id)
        if event.booking_set.count() >= event.seats:
            return SOLD_OUT
        return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
`;
      expect(await acrossTwo(ofProcess)).toMatchObject({ status: 'failed', evidence: { measurements: { roundsSoldTwice: 5 } } });
    });
  });
});
