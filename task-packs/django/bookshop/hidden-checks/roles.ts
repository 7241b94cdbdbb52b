import type { CheckContext, CheckDatabase, Checks, RequestOptions } from '@assay/grader/check-api';

const ORDERS = '/api/orders/';

type Row = Readonly<Record<string, string | number | null>>;
type Json = Readonly<Record<string, unknown>>;

async function insert(database: CheckDatabase, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  const places = rows.map((_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`);
  await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`, values);
}

/** Books `base`, `base + 1`, ... with the given prices and 10 copies each. */
async function stockBooks(database: CheckDatabase, base: number, prices: readonly string[]): Promise<void> {
  await insert(database, 'catalog_author', [{ id: base, name: `Author ${base}` }]);
  await insert(
    database,
    'catalog_book',
    prices.map((price, n) => ({
      id: base + n,
      title: `Title ${base + n}`,
      isbn: String(9_720_000_000_000 + base + n),
      author_id: base,
      publisher_id: null,
      price,
      purchase_price: '0.77',
      published_on: '2012-03-04',
      stock: 10,
    })),
  );
}

/** An order of two copies of the book `base`, written directly. Customers 1 and 2 are alice and bob. */
async function writeOrder(
  database: CheckDatabase,
  id: number,
  customer: number,
  bookId: number,
  status = 'placed',
): Promise<void> {
  await insert(database, 'orders_order', [
    { id, customer_id: customer, status, created_at: '2032-02-03T04:05:06Z', total: '9.00' },
  ]);
  await insert(database, 'orders_orderline', [{ id, order_id: id, book_id: bookId, quantity: 2, unit_price: '4.50' }]);
}

async function stored(database: CheckDatabase, id: number): Promise<Json | undefined> {
  const [row] = await database.query(
    'SELECT customer_id::int AS customer, status, total::text AS total FROM orders_order WHERE id = $1',
    [id],
  );
  return row;
}

async function listedIds({ http, expect }: CheckContext, request: RequestOptions): Promise<readonly unknown[]> {
  const answer = await http.get(`${ORDERS}?page_size=50`, request);
  expect.status(answer, 200, 'the list of orders');
  const body = answer.json();
  const rows = Array.isArray(body) ? body : expect.array(expect.object(body, 'a page').results, 'results of a page');
  return rows.map((row) => expect.object(row, 'an order').id);
}

export const checks: Checks = {
  'b2-orders-need-a-login': async ({ database, http, expect }) => {
    const base = 1_340_000;
    await stockBooks(database, base, ['4.50']);
    await writeOrder(database, base, 1, base);
    const own = await http.get(`${ORDERS}${base}/`, { as: 'alice' });
    expect.status(own, 200, 'a customer reads an own order');
    expect.equal(expect.object(own.json(), 'the order').total, '9.00', 'it is the right one');
    const body = { lines: [{ book: base, quantity: 1 }] };
    for (const request of [{ as: 'visitor' }, { as: 'visitor', headers: { authorization: `Token ${'0'.repeat(40)}` } }]) {
      expect.status(await http.get(ORDERS, request), 401, 'the list of orders');
      expect.status(await http.get(`${ORDERS}${base}/`, request), 401, 'an order');
      expect.status(await http.post(ORDERS, { ...request, body }), 401, 'placing an order');
      expect.status(await http.post(`${ORDERS}${base}/cancel/`, request), 401, 'cancelling an order');
    }
    expect.status(await http.post(ORDERS, { as: 'alice', body }), 201, 'a customer places an order');
  },

  'b2-orders-of-others-are-hidden': async (context) => {
    const { database, http, expect } = context;
    const base = 1_350_000;
    await stockBooks(database, base, ['4.50']);
    await writeOrder(database, base, 1, base);
    await writeOrder(database, base + 1, 2, base);
    for (const [name, own, other] of [
      ['alice', base, base + 1],
      ['bob', base + 1, base],
    ] as const) {
      const read = await http.get(`${ORDERS}${own}/`, { as: name });
      expect.status(read, 200, 'a customer reads an own order');
      expect.equal(expect.object(read.json(), 'the order').id, own, 'it is the right one');
      const listed = await listedIds(context, { as: name });
      expect.ok(listed.includes(own), 'the list holds the own order');
      expect.ok(!listed.includes(other), 'the list does not hold the order of another customer');
      expect.status(
        await http.get(`${ORDERS}${other}/`, { as: name }),
        404,
        'an order of another customer does not exist for this one',
      );
      expect.status(await http.post(`${ORDERS}${other}/cancel/`, { as: name }), 404, 'and cannot be cancelled');
      const changed = await http.patch(`${ORDERS}${other}/`, { as: name, body: { status: 'shipped' } });
      expect.status(changed, [403, 404], 'and cannot be changed');
    }
    const expected = { customer: 1, status: 'placed', total: '9.00' };
    expect.same(await stored(database, base), expected, 'the order is what it was');
    expect.status(await http.post(`${ORDERS}${base}/cancel/`, { as: 'alice' }), 200, 'a customer cancels an own order');
    expect.same(await stored(database, base), { ...expected, status: 'cancelled' }, 'the order is cancelled');
  },

  'b2-role-matrix-of-orders': async (context) => {
    const { database, http, expect } = context;
    const base = 1_360_000;
    await stockBooks(database, base, ['4.50']);
    await writeOrder(database, base, 1, base);
    await writeOrder(database, base + 1, 2, base);
    await writeOrder(database, base + 2, 2, base, 'shipped');
    const path = `${ORDERS}${base}/`;
    const listed = await listedIds(context, { as: 'sam' });
    expect.ok(listed.includes(base) && listed.includes(base + 1), 'staff list the orders of all customers');
    for (const [name, status] of [
      ['sam', 200],
      ['alice', 200],
      ['bob', 404],
      ['visitor', 401],
    ] as const) {
      expect.status(await http.get(path, { as: name }), status, `${name} reads an order of alice`);
    }
    const own = await http.patch(path, { as: 'alice', body: { status: 'shipped' } });
    expect.status(own, 403, 'a customer may not change the status of an own order');
    expect.status(await http.patch(path, { as: 'visitor', body: { status: 'shipped' } }), 401, 'a visitor may not either');
    expect.equal((await stored(database, base))?.status, 'placed', 'the status is what it was');
    const paid = await http.patch(path, { as: 'sam', body: { status: 'paid' } });
    expect.status(paid, 200, 'staff change the status');
    expect.equal(expect.object(paid.json(), 'the order').status, 'paid', 'the answer shows the new status');
    for (const status of ['lost', '', null, 'cancelled']) {
      expect.status(await http.patch(path, { as: 'sam', body: { status } }), 400, `no status: ${status}`);
    }
    expect.equal((await stored(database, base))?.status, 'paid', 'the status is what staff made it');
    const put = { lines: [{ book: base, quantity: 1 }], status: 'shipped' };
    for (const [name, refused] of [
      ['alice', [403, 405]],
      ['bob', [403, 404, 405]],
      ['sam', [405]],
    ] as const) {
      expect.status(await http.delete(path, { as: name }), refused, 'orders are never deleted');
      expect.status(await http.put(path, { as: name, body: put }), refused, 'orders are never replaced');
    }
    expect.same(
      await stored(database, base),
      { customer: 1, status: 'paid', total: '9.00' },
      'the order is still there, unchanged',
    );
    expect.status(await http.post(`${ORDERS}${base + 2}/cancel/`, { as: 'bob' }), 409, 'a shipped order cannot be cancelled');
    expect.status(await http.post(`${ORDERS}${base + 1}/cancel/`, { as: 'sam' }), 200, 'staff cancel an order');
    expect.equal((await stored(database, base + 1))?.status, 'cancelled', 'it is cancelled');
  },
};
