import type { CheckContext, CheckDatabase, HttpAnswer } from '@assay/grader/check-api';
import { actingAs, author, book, customer, insert, type Json, line, numbers, order, token, UNKNOWN } from './rows';

export const ORDERS = '/api/orders/';

/** An author `base` with books `base`, `base + 1`, ... of the given prices, 10 copies each. */
export function stock(base: number, prices: readonly string[]) {
  return {
    catalog_author: [author(base)],
    catalog_book: prices.map((price, n) => book(base + n, base, { price })),
  };
}

export async function copiesOf(database: CheckDatabase, base: number): Promise<readonly unknown[]> {
  const rows = await database.query('SELECT stock FROM catalog_book WHERE author_id = $1 ORDER BY id', [base]);
  return rows.map((row) => row.stock);
}

export async function stored(database: CheckDatabase, id: number): Promise<Json | undefined> {
  const [row] = await database.query(
    'SELECT customer_id::int AS customer, status, total::text AS total FROM orders_order WHERE id = $1',
    [id],
  );
  return row;
}

export const PLACED = 1_300_000;

/** The answer to a plain order of alice: 3 copies of the book `PLACED + 1` for 3.10 each and 2 of `PLACED` for 12.35. */
export function placedOrder({ shared }: CheckContext): Promise<HttpAnswer> {
  return shared('placed-order', async ({ database, http }) => {
    await insert(database, stock(PLACED, ['12.35', '3.10']));
    const lines = [
      { book: PLACED + 1, quantity: 3 },
      { book: PLACED, quantity: 2 },
    ];
    return http.post(ORDERS, { as: 'alice', body: { lines } });
  });
}

export const REFUSED = 1_320_000;

/** An order of a customer of its own whose last book does not exist: the status, and what it left behind of orders, lines and copies. */
export function orderOfUnknownBook({ shared }: CheckContext) {
  return shared('order-of-unknown-book', async ({ database, http }) => {
    await insert(database, {
      ...stock(REFUSED, ['5.00', '6.00', '7.00']),
      customers_customer: [customer(REFUSED)],
      authtoken_token: [token(REFUSED)],
    });
    const lines = [REFUSED + 1, REFUSED + 2, UNKNOWN].map((id) => ({ book: id, quantity: 1 }));
    const answer = await http.post(ORDERS, { ...actingAs(REFUSED), body: { lines } });
    return { answer, left: await leftBehind(database) };
  });
}

/** What there is of the orders of the customer {@link REFUSED}, and the copies of the books. */
export async function leftBehind(database: CheckDatabase) {
  const [row] = await database.query(
    `SELECT (SELECT count(*) FROM orders_order WHERE customer_id = $1)::int AS orders,
            (SELECT count(*) FROM orders_orderline WHERE book_id BETWEEN $1 AND $1 + 9)::int AS lines`,
    [REFUSED],
  );
  return { ...row, copies: await copiesOf(database, REFUSED) };
}

export const OWN = 1_350_000;
/** An order of bob, the one after alice's. */
export const OTHER = OWN + 1;

/** Writes an order of alice and one of bob, of a line of two copies each. */
function ordersOfTwo({ shared }: CheckContext): Promise<void> {
  return shared('orders-of-two', ({ database }) =>
    insert(database, {
      ...stock(OWN, ['4.50']),
      orders_order: [OWN, OTHER].map((id, n) =>
        order(id, { customer_id: 1 + n, status: 'placed', created_at: '2032-02-03T04:05:06Z' }),
      ),
      orders_orderline: [OWN, OTHER].map((id) => line(id, id, OWN, 2, '4.50')),
    }),
  );
}

/** The answers to alice, who asks for her own order; to a visitor, who asks for the same; and to alice, who asks for bob's. */
export function ownOrder(context: CheckContext): Promise<HttpAnswer> {
  return orderRead(context, 'own-order', OWN, 'alice');
}
export function ownOrderOfVisitor(context: CheckContext): Promise<HttpAnswer> {
  return orderRead(context, 'order-read-by-visitor', OWN, 'visitor');
}
export function orderOfOther(context: CheckContext): Promise<HttpAnswer> {
  return orderRead(context, 'order-of-other', OTHER, 'alice');
}

function orderRead({ shared }: CheckContext, key: string, id: number, as: string): Promise<HttpAnswer> {
  return shared(key, async (context) => {
    await ordersOfTwo(context);
    return context.http.get(`${ORDERS}${id}/`, { as });
  });
}

/** The list of orders as a visitor gets it. */
export function ordersOfVisitor({ shared }: CheckContext): Promise<HttpAnswer> {
  return shared('orders-of-visitor', ({ http }) => http.get(ORDERS, { as: 'visitor' }));
}

export const MANY = numbers(1_200_000, 12);

/** The list of alice's orders, asked for twice: `few` with {@link OWN}, `many` also with those of {@link MANY}, each of six lines. */
export function ordersOfAlice({ shared }: CheckContext): Promise<{ readonly few: HttpAnswer; readonly many: HttpAnswer }> {
  return shared('orders-of-alice', async (context) => {
    const { database, http } = context;
    const list = () => http.get(`${ORDERS}?page_size=50`, { as: 'alice' });
    await ordersOfTwo(context);
    const few = await list();
    const [base = 0] = MANY;
    await insert(database, {
      ...stock(base, ['10.00', '11.00', '12.00', '13.00', '14.00', '15.00']),
      orders_order: MANY.map((id, n) => order(id, { customer_id: 1, created_at: `2031-01-${10 + n}T00:00:00Z` })),
      orders_orderline: MANY.flatMap((id, n) => numbers(0, 6).map((m) => line(base + n * 10 + m, id, base + m, 1 + m, '10.00'))),
    });
    return { few, many: await list() };
  });
}

const CANCELLED = 1_325_000;

/** Alice cancels an order of 2 and 3 copies, and cancels it again. */
export function cancelledOrder({ shared }: CheckContext) {
  return shared('cancelled-order', async ({ database, http }) => {
    await insert(database, {
      ...stock(CANCELLED, ['5.00', '6.00']),
      orders_order: [order(CANCELLED, { customer_id: 1, status: 'placed' })],
      orders_orderline: [2, 3].map((copies, n) => line(CANCELLED + n, CANCELLED, CANCELLED + n, copies, '5.00')),
    });
    const cancel = async () => {
      const answer = await http.post(`${ORDERS}${CANCELLED}/cancel/`, { as: 'alice' });
      return { answer, order: await stored(database, CANCELLED), copies: await copiesOf(database, CANCELLED) };
    };
    return { first: await cancel(), second: await cancel() };
  });
}
