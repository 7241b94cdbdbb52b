import type { CheckContext, Checks, HttpAnswer } from '@assay/grader/check-api';
import { addCustomer, addEvent, book, rowsOf } from './support/rows';

const EVENTS = '/api/events/';
/** So many that nobody reads them all to find fifty. One in a hundred is the customer's. */
const MANY = 20_000;

function events({ http }: CheckContext): Promise<HttpAnswer> {
  return http.get(EVENTS, { as: 'visitor' });
}

export const checks: Checks = {
  'd1-newest-bookings-come-from-an-index': async (context) => {
    const { database, expect, plans, http } = context;
    const customer = await addCustomer(database, 7000);
    await database.query(
      `WITH event AS (INSERT INTO events_event (id, name, starts_at) VALUES (7000, 'Long Season', '2024-01-01') RETURNING id),
            seat AS (INSERT INTO events_seat (id, event_id, "row", number) SELECT 1000000 + n, event.id, 'A', n % 1000 FROM event, generate_series(1, $1::int) AS n RETURNING id)
       INSERT INTO sales_booking (id, seat_id, customer_id, created_at)
       SELECT id, id, CASE WHEN id % 100 = 0 THEN 7000 ELSE 1 END, '2020-01-01'::timestamptz + (id - 1000000) * interval '1 minute' FROM seat`,
      [MANY],
    );
    const explained = await plans.of(() => http.get('/api/bookings/', customer));
    expect.equal(
      rowsOf(context, explained.answer, 'own bookings').length,
      50,
      'the customer sees the newest 50 of the own bookings',
    );
    expect.same(explained.sequentialScans(MANY / 2), [], 'no statement reads all bookings');
    const sorting = explained.statements.flatMap(({ custom }) => custom).filter(({ type }) => type.includes('Sort'));
    expect.same(sorting, [], 'nor has to sort those of the customer');
  },

  'd3-sessions-are-kept': async ({ connections, expect, http, measure }) => {
    const own = await http.get('/api/bookings/', { as: 'alice' });
    expect.status(own, 200, 'own bookings are listed');
    expect.ok(own.statementCount > 0, 'whoever asks is looked up in the database');
    const habit = await connections.habit({ method: 'GET', path: '/api/bookings/', as: 'alice' });
    measure('openedByRequestsOneByOne', habit.openedOneByOne);
    expect.ok(habit.kind !== 'per-request', 'a request does not open a session of its own');
  },

  'd4-list-is-kept-in-the-cache': async (context) => {
    const { boot, caching, expect, measure } = context;
    const { cold, warm, isFromRedis } = await caching.warmth(async () => {
      const answer = await events(context);
      expect.ok(rowsOf(context, answer, 'the list of events').length > 0, 'the list has events');
      return answer;
    });
    expect.ok(measure('statementsCold', cold) > 0, 'the first time is asked from the database');
    expect.equal(measure('statementsWarm', warm), 0, 'asking again takes no statement');
    expect.ok(isFromRedis, 'because the answer comes from Redis');
    const other = await boot.start();
    if (!other.isServing) return expect.ok(false, other.message);
    const elsewhere = await other.http.get(EVENTS, { as: 'visitor' });
    expect.ok(rowsOf(context, elsewhere, 'the list of events').length > 0, 'a second process has the list');
    expect.equal(elsewhere.statementCount, 0, 'which finds it in Redis too');
  },

  'd4-list-is-right-after-a-booking': async (context) => {
    const { caching, database, expect } = context;
    const [seat = 0] = await addEvent(database, 7010, 4);
    const customer = await addCustomer(database, 7010);
    await caching.empty();
    const free = async () =>
      rowsOf(context, await events(context), 'the list of events').find((row) => row.id === 7010)?.free_seats;
    const { before, after } = await caching.acrossWrite({
      read: free,
      write: async () => expect.status(await book(context, seat, customer), 201, 'a seat is booked'),
    });
    expect.same([before, after], [4, 3], 'a seat less is free at once');
  },

  'd4-nobody-gets-the-answer-of-another': async ({ caching, expect, http }) => {
    const email = (answer: HttpAnswer) => expect.object(answer.json(), 'me').email;
    const { served } = await caching.acrossUsers({
      users: ['alice', 'bob'],
      ask: async (user) => {
        const answer = await http.get('/api/me/', { as: user });
        expect.status(answer, 200, 'who is logged in is told so');
        expect.ok(String(email(answer)).startsWith(`${user}@`), 'as oneself');
        return answer;
      },
      shows: email,
    });
    expect.same(served, [], 'nobody is served what was made for another');
  },
};
