import type { Checks } from '@assay/grader/check-api';
import type { PythonInput, PythonObject } from '@assay/grader/check-kinds/python-calls-api';
import { addCustomer, addEvent, book, rowsOf } from './support/rows';

export const checks: Checks = {
  'a4-only-what-is-on-sale': async (context) => {
    const { database, expect, http } = context;
    await addEvent(database, 6000, 1);
    await addEvent(database, 6001, 1, { cancelledAt: '2025-01-01T00:00:00Z' });
    await addEvent(database, 6002, 1, { startsAt: '2023-01-01T00:00:00Z' });
    for (const [id, status] of [
      [6000, 200],
      [6001, 404],
      [6002, 404],
    ] as const) {
      expect.status(await http.get(`/api/events/${id}/`, { as: 'visitor' }), status, 'only an event on sale is shown');
    }
    // However long a list is kept: those of the seed were always there, and these two never.
    const list = rowsOf(context, await http.get('/api/events/', { as: 'visitor' }), 'the list of events');
    const known = list.map(({ id }) => id).filter((id) => [1, 2, 3, 4, 6001, 6002].some((one) => one === id));
    expect.same(known, [4, 1], 'only events on sale are listed, soonest first');
  },

  'a4-querysets-can-be-chained': async ({ database, python, expect }) => {
    await addEvent(database, 6010, 3, { startsAt: '2097-02-02T20:00:00Z' });
    await addEvent(database, 6011, 3, { cancelledAt: '2025-01-01T00:00:00Z' });
    await database.query("INSERT INTO sales_booking (seat_id, customer_id, created_at) VALUES (601001, 1, '2025-01-01')");
    const then = async (object: PythonObject, method: string, args: readonly PythonInput[] = []): Promise<PythonObject> =>
      (await python.keep('operator:methodcaller', [method, ...args])).keep([object]);
    const all = await then(await python.find('events.models:Event.objects'), 'order_by', ['id']);
    for (const [first, second] of [
      ['on_sale', 'with_free_seats'],
      ['with_free_seats', 'on_sale'],
    ] as const) {
      const chained = await then(await then(all, first), second);
      const rows = await then(chained, 'values_list', ['id', 'free_seats']);
      const found = expect.array((await python.call('builtins:list', [rows])).value(), 'rows');
      const own = found.filter((row) => /60(10|11)/.test(JSON.stringify(row)));
      expect.same(own, [python.tuple([6010, 2])], `${first}().${second}() gives the events on sale with their free seats`);
    }
  },

  'a4-statements-of-the-list-do-not-grow': async (context) => {
    const { database, expect, measure } = context;
    const [first = 0, second = 0] = await addEvent(database, 6020, 6);
    const customer = await addCustomer(database, 6020);
    // A booking through the API is shown at once: both lists are fresh.
    const freshList = async (seat: number) => {
      expect.status(await book(context, seat, customer), 201, 'a seat is booked');
      const answer = await context.http.get('/api/events/', { as: 'visitor' });
      const rows = rowsOf(context, answer, 'the list of events');
      return { rows, statements: answer.statementCount };
    };
    const few = await freshList(first);
    for (const id of [6021, 6022, 6023, 6024, 6025, 6026]) await addEvent(database, id, 5);
    const many = await freshList(second);
    const free = (id: number) => many.rows.find((row) => row.id === id)?.free_seats;
    expect.same([6020, 6021, 6026].map(free), [4, 5, 5], 'the list shows all events with their free seats');
    expect.ok(few.statements > 0, 'what was just booked is read from the database');
    const growth = measure('statementsPerEvent', (many.statements - few.statements) / 6);
    expect.ok(growth <= 0, 'six more events of five seats cost no statement');
  },
};
