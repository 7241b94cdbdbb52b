import type { Checks } from '@assay/grader/check-api';
import { addCustomer, addEvent, book, rowsOf } from './support/rows';

export const checks: Checks = {
  'b1-a-seat-is-booked': async (context) => {
    const { database, expect, http } = context;
    const [seat = 0] = await addEvent(database, 5000, 2);
    const customer = await addCustomer(database, 5000);
    const booked = await book(context, seat, customer);
    expect.status(booked, 201, 'a free seat is booked');
    const body = expect.object(booked.json(), 'the booking');
    expect.same(Object.keys(body).sort(), ['created_at', 'event', 'id', 'seat'], 'it has the documented fields');
    expect.same([body.seat, body.event], [seat, 5000], 'it is the right seat');
    const stored = await database.query('SELECT customer_id FROM sales_booking WHERE seat_id = $1', [seat]);
    expect.same(stored, [{ customer_id: 5000 }], 'it is stored once, for who booked it');
    const own = rowsOf(context, await http.get('/api/bookings/', customer), 'own bookings');
    expect.same(
      own.map((row) => row.seat),
      [seat],
      'and listed',
    );
  },

  'b1-what-cannot-be-booked-is-refused': async (context) => {
    const { database, expect, http } = context;
    const [seat = 0] = await addEvent(database, 5010, 1);
    const [cancelled = 0] = await addEvent(database, 5011, 1, { cancelledAt: '2025-01-01T00:00:00Z' });
    const [over = 0] = await addEvent(database, 5012, 1, { startsAt: '2023-01-01T00:00:00Z' });
    const [first, second] = [await addCustomer(database, 5010), await addCustomer(database, 5011)];
    expect.status(await book(context, seat, { as: 'visitor' }), 401, 'a visitor books nothing');
    expect.status(await book(context, seat, first), 201, 'a customer does');
    expect.status(await book(context, seat, second), 409, 'a taken seat is a conflict');
    for (const wrong of [cancelled, over, 88_000_000]) {
      expect.status(await book(context, wrong, first), 400, 'a seat of an event that is not on sale, or of none, is refused');
    }
    for (const body of [{}, { seat: 'A-1' }, { seat: null }, []]) {
      expect.status(await http.post('/api/bookings/', { ...first, body }), 400, 'input that makes no sense is refused');
    }
    const [stored] = await database.query(
      'SELECT count(*) AS bookings FROM sales_booking WHERE seat_id >= 501000 AND seat_id < 501300',
    );
    expect.equal(stored?.bookings, 1, 'nothing of it is stored');
  },

  'b1-nobody-sits-on-a-sold-seat': async (context) => {
    const { database, expect, http, measure } = context;
    const [seat = 0, other = 0] = await addEvent(database, 5020, 2);
    const customers = await Promise.all([1, 2, 3, 4].map((n) => addCustomer(database, 5020 + n)));
    const { answers } = await http.together(
      customers.map((customer) => ({ method: 'POST', path: '/api/bookings/', ...customer, body: { seat } })),
    );
    const [stored] = await database.query('SELECT count(*) AS bookings FROM sales_booking WHERE seat_id = $1', [seat]);
    expect.equal(measure('bookingsOfOneSeat', Number(stored?.bookings)), 1, 'four customers at once get one booking of the seat');
    expect.same(
      answers.map(({ status }) => status).sort(),
      [201, 409, 409, 409],
      'one gets it, the others are told that it is taken',
    );
    await database.query("INSERT INTO sales_booking (seat_id, customer_id, created_at) VALUES ($1, 5021, '2025-01-01')", [other]);
    const again = await database
      .query("INSERT INTO sales_booking (seat_id, customer_id, created_at) VALUES ($1, 5022, '2025-01-01')", [other])
      .then(() => true)
      .catch(() => false);
    expect.ok(!again, 'the database itself refuses a second booking of a seat');
  },
};
