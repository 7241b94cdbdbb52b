import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { GradingBench, TINY_SEATS, withChecksOf, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

const IMPORTS = `import time
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.http import JsonResponse
from .models import Booking, Event
SOLD_OUT = JsonResponse({"error": "sold out"}, status=409)
`;
const booking = (code: string): string => `${IMPORTS}\n${code}`;

/** Each lets nobody have a seat that another one has. */
const CORRECT: Readonly<Record<string, string>> = {
  'a counter that the database changes on a condition': booking(`
def book_seat(event_id, customer):
    if not Event.objects.filter(id=event_id, sold__lt=F("seats")).update(sold=F("sold") + 1):
        return SOLD_OUT
    return JsonResponse({"id": Booking.objects.create(event_id=event_id, customer=customer).id}, status=201)
`),
  'an advisory lock': booking(`
@transaction.atomic
def book_seat(event_id, customer):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [event_id])
    event = Event.objects.get(id=event_id)
    if event.booking_set.count() >= event.seats:
        return SOLD_OUT
    return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
`),
  'serializable transactions, tried again': booking(`
def book_seat(event_id, customer):
    for attempt in range(3):
        try:
            with transaction.atomic():
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
                event = Event.objects.get(id=event_id)
                if event.booking_set.count() >= event.seats:
                    return SOLD_OUT
                return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
        except OperationalError:
            time.sleep(0.01)
    return JsonResponse({"error": "busy"}, status=503)
`),
  'a version that is compared, tried again': booking(`
def book_seat(event_id, customer):
    for attempt in range(4):
        event = Event.objects.get(id=event_id)
        if event.sold >= event.seats:
            return SOLD_OUT
        with transaction.atomic():
            if Event.objects.filter(id=event_id, sold=event.sold).update(sold=event.sold + 1):
                return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
    return JsonResponse({"error": "busy"}, status=503)
`),
};

/** Each is right as long as nobody else buys. */
const WRONG: Readonly<Record<string, string>> = {
  'counting first, in a transaction': booking(`
@transaction.atomic
def book_seat(event_id, customer):
    event = Event.objects.get(id=event_id)
    if event.booking_set.count() >= event.seats:
        return SOLD_OUT
    return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
`),
  'storing first and counting then, before anybody else can see it': booking(`
def book_seat(event_id, customer):
    with transaction.atomic():
        stored = Booking.objects.create(event_id=event_id, customer=customer)
        event = Event.objects.get(id=event_id)
        if event.booking_set.count() > event.seats:
            transaction.set_rollback(True)
            return SOLD_OUT
    return JsonResponse({"id": stored.id}, status=201)
`),
  'a lock that is taken after reading': booking(`
@transaction.atomic
def book_seat(event_id, customer):
    event = Event.objects.get(id=event_id)
    taken = event.booking_set.count()
    Event.objects.select_for_update().get(id=event_id)
    if taken >= event.seats:
        return SOLD_OUT
    return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
`),
  'a write that has nothing to do with it, before reading': booking(`
def book_seat(event_id, customer):
    Booking.objects.create(event_id=2, customer="note of " + customer)
    event = Event.objects.get(id=event_id)
    if event.booking_set.count() >= event.seats:
        return SOLD_OUT
    return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
`),
  'a counter that is read, raised and stored': booking(`
def book_seat(event_id, customer):
    event = Event.objects.get(id=event_id)
    if event.sold >= event.seats:
        return SOLD_OUT
    event.sold += 1
    event.save()
    return JsonResponse({"id": Booking.objects.create(event=event, customer=customer).id}, status=201)
`),
};

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

  it.each(Object.entries(CORRECT))('sell no seat twice in any of 20 rounds: %s', async (_name, code) => {
    const { check } = await race(code);
    expect(check?.evidence.measurements).toEqual({ roundsSoldTwice: 0, roundsSoldOut: 20 });
    expect(check?.status).toBe('passed');
  });

  it.each(Object.entries(WRONG))('sell a seat twice in every one of 20 rounds: %s', async (_name, code) => {
    const { check } = await race(code);
    expect(check?.evidence.measurements.roundsSoldTwice).toBe(20);
    expect(check?.status).toBe('failed');
  });

  it('leave the same evidence in every grade, also where they go wrong', async () => {
    const [code = ''] = Object.values(WRONG);
    expect(withoutTimings((await race(code)).report)).toBe(withoutTimings((await race(code)).report));
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
