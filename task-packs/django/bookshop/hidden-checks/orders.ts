import type { Checks } from '@assay/grader/check-api';
import { idIn, rowsOf } from './support/answers';
import { BOOKS, bookLists, shownBook, writtenReviews } from './support/catalogue';
import {
  cancelledOrder,
  copiesOf,
  leftBehind,
  ORDERS,
  orderOfUnknownBook,
  PLACED,
  placedOrder,
  REFUSED,
  stock,
  stored,
} from './support/ordering';
import { actingAs, customer, insert, type Json, token, UNKNOWN } from './support/rows';

export const checks: Checks = {
  'b1-order-is-placed': async (context) => {
    const { database, http, expect } = context;
    const placed = await placedOrder(context);
    expect.status(placed, 201, 'an order is placed');
    const order = expect.object(placed.json(), 'the order');
    expect.equal(order.status, 'placed', 'its status');
    expect.equal(order.total, '34.00', 'its total is the sum of its lines');
    expect.equal(order.customer, 1, 'it belongs to who is logged in');
    expect.same(
      expect.array(order.lines, 'lines').map((line) => {
        const { book, title, quantity, unit_price } = expect.object(line, 'a line');
        return { book, title, quantity, unit_price };
      }),
      [
        { book: PLACED + 1, title: `Title ${PLACED + 1}`, quantity: 3, unit_price: '3.10' },
        { book: PLACED, title: `Title ${PLACED}`, quantity: 2, unit_price: '12.35' },
      ],
      'its lines, in the order in which they were sent',
    );
    expect.same(await copiesOf(database, PLACED), [8, 7], 'the copies leave the stock');
    const read = await http.get(`${ORDERS}${idIn(context, order)}/`, { as: 'alice' });
    expect.status(read, 200, 'the order can be read');
    expect.same(read.json(), order, 'and is what was answered');
    expect.status(await http.get(`${ORDERS}${UNKNOWN}/`, { as: 'alice' }), 404, 'an order that does not exist');
  },

  'b1-bad-orders-are-refused': async (context) => {
    const { database, http, expect } = context;
    const base = 1_310_000;
    await insert(database, {
      ...stock(base, ['5.00']),
      customers_customer: [customer(base)],
      authtoken_token: [token(base)],
    });
    const good = { book: base, quantity: 1 };
    const bodies: readonly unknown[] = [
      'this is not JSON',
      [],
      { lines: 'many' },
      { lines: [] },
      { lines: [{ book: base }] },
      { lines: [{ book: base, quantity: 0 }] },
      { lines: [{ book: base, quantity: -1 }] },
      { lines: [{ book: base, quantity: 1.5 }] },
      { lines: [{ book: base, quantity: 99_999_999_999 }] },
      { lines: [{ book: 'x', quantity: 1 }] },
      { lines: [good, good] },
    ];
    for (const body of bodies) {
      const answer = await http.post(ORDERS, { ...actingAs(base), body });
      expect.status(answer, 400, `an order that is wrong: ${JSON.stringify(body)}`);
    }
    expect.status((await orderOfUnknownBook(context)).answer, 400, 'an order with a book that does not exist');
    for (const rating of [0, 6]) {
      const answer = await http.post(`${BOOKS}${base}/reviews/`, { ...actingAs(base), body: { rating } });
      expect.status(answer, 400, `a review with a rating of ${rating}`);
    }
    const left = await database.query('SELECT count(*) AS orders FROM orders_order WHERE customer_id = $1', [base]);
    expect.same(left, [{ orders: 0 }], 'none of them left an order behind');
    const placed = await placedOrder(context);
    expect.status(placed, 201, 'a good order is accepted');
    expect.equal(expect.object(placed.json(), 'the order').total, '34.00', 'its total');
  },

  'b1-order-is-all-or-nothing': async (context) => {
    const { database, http, expect } = context;
    const { answer, left } = await orderOfUnknownBook(context);
    const place = (copies: number) =>
      http.post(ORDERS, {
        ...actingAs(REFUSED),
        body: {
          lines: [
            { book: REFUSED, quantity: 2 },
            { book: REFUSED + 1, quantity: copies },
          ],
        },
      });
    const short = await place(11);
    for (const [refused, state] of [
      [answer, left],
      [short, await leftBehind(database)],
    ] as const) {
      expect.status(refused, 400, 'an order of which one line cannot be delivered is refused');
      expect.same(state, { orders: 0, lines: 0, copies: [10, 10, 10] }, 'a refused order leaves nothing behind');
    }
    expect.status(await place(10), 201, 'an order of all copies can be delivered');
    expect.same(
      await leftBehind(database),
      { orders: 1, lines: 2, copies: [8, 0, 10] },
      'an accepted order is stored with its lines and takes its copies from the stock',
    );
    const { first, second } = await cancelledOrder(context);
    expect.status(first.answer, 200, 'an order can be cancelled');
    expect.same(first.copies, [12, 13], 'a cancelled order puts its copies back');
    expect.status(second.answer, 409, 'and cannot be cancelled again');
    expect.same(second.copies, [12, 13], 'which puts nothing back a second time');
  },

  'b1-answers-hold-documented-fields': async (context) => {
    const { database, http, expect } = context;
    const base = 1_330_000;
    await insert(database, { customers_customer: [customer(base)], authtoken_token: [token(base)] });
    const fields = (value: unknown) => Object.keys(expect.object(value, 'an object')).sort();
    const { alice } = await writtenReviews(context);
    expect.same(fields(alice.json()), ['by', 'id', 'rating', 'text'], 'fields of a review');
    const shown = expect.object((await shownBook(context)).json(), 'the book');
    const bookFields = [
      'author',
      'average_rating',
      'id',
      'in_stock',
      'isbn',
      'latest_reviews',
      'price',
      'published_on',
      'publisher',
      'review_count',
      'tags',
      'title',
    ];
    expect.same(fields(shown), bookFields, 'fields of a book');
    expect.same([shown.price, shown.in_stock], ['5.00', true], 'and some of their values');
    const listed = rowsOf(context, (await bookLists(context)).few, 'the list of books');
    expect.ok(listed.length > 0, 'books are listed');
    for (const row of listed) expect.same(fields(row), bookFields, 'fields of a book in the list');
    const order = expect.object((await placedOrder(context)).json(), 'the order');
    expect.same(fields(order), ['created_at', 'customer', 'id', 'lines', 'status', 'total'], 'fields of an order');
    const lineFields = expect.array(order.lines, 'lines').map(fields);
    expect.ok(lineFields.length > 0, 'an order has lines');
    for (const names of lineFields) expect.same(names, ['book', 'quantity', 'title', 'unit_price'], 'fields of a line');
    const me = (await http.get('/api/customers/me/', actingAs(base))).json();
    expect.same(
      me,
      { id: base, username: `customer-${base}`, email: `${base}@example.com`, is_staff: false },
      'what a customer reads of oneself',
    );
  },

  'c3-order-fields-cannot-be-assigned': async (context) => {
    const { database, http, expect } = context;
    const base = 1_370_000;
    await insert(database, stock(base, ['20.00', '1.25']));
    const placed = await http.post(ORDERS, {
      as: 'alice',
      body: {
        id: base,
        customer: 2,
        status: 'shipped',
        total: '0.01',
        created_at: '2001-01-01T00:00:00Z',
        lines: [
          { book: base, quantity: 1, unit_price: '0.01', title: 'Mine' },
          { book: base + 1, quantity: 4, unit_price: '-5.00' },
        ],
      },
    });
    expect.status(placed, 201, 'fields that a customer may not set are ignored');
    const order = expect.object(placed.json(), 'the order');
    const id = idIn(context, order);
    expect.same([order.customer, order.status, order.total], [1, 'placed', '25.00'], 'the order as answered');
    expect.ok(!String(order.created_at).startsWith('2001'), 'the time is the moment of the order');
    const expected: Json = { customer: 1, status: 'placed', total: '25.00' };
    expect.same(await stored(database, id), expected, 'the order as stored');
    const lines = await database.query(
      'SELECT unit_price::text AS price FROM orders_orderline WHERE order_id = $1 ORDER BY book_id',
      [id],
    );
    expect.same(lines, [{ price: '20.00' }, { price: '1.25' }], "lines are charged at the books' prices");
    const changed = await http.patch(`${ORDERS}${id}/`, { as: 'sam', body: { status: 'paid', total: '0.01', customer: 2 } });
    expect.status(changed, 200, 'staff change the status');
    expect.same(await stored(database, id), { ...expected, status: 'paid' }, 'and nothing else');
  },
};
