import type { CheckContext, CheckDatabase, Checks, RequestOptions } from '@assay/grader/check-api';

const ORDERS = '/api/orders/';
const UNKNOWN = 88_000_000;

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

async function copiesOf(database: CheckDatabase, base: number): Promise<readonly unknown[]> {
  const rows = await database.query('SELECT stock FROM catalog_book WHERE author_id = $1 ORDER BY id', [base]);
  return rows.map((row) => row.stock);
}

/** A customer of the check's own, with a token; returns what to send to act as this customer. */
async function newCustomer(database: CheckDatabase, id: number): Promise<RequestOptions> {
  const key = `${id}`.padStart(40, 'c');
  await insert(database, 'customers_customer', [
    {
      id,
      username: `customer-${id}`,
      email: `${id}@example.com`,
      password: '!',
      first_name: '',
      last_name: '',
      is_staff: 'false',
      is_superuser: 'false',
      is_active: 'true',
      date_joined: '2024-01-01',
    },
  ]);
  await insert(database, 'authtoken_token', [{ key, user_id: id, created: '2024-01-01' }]);
  return { as: 'visitor', headers: { authorization: `Token ${key}` } };
}

/** The id in an answer, which becomes part of a path. */
function idOf({ expect }: Pick<CheckContext, 'expect'>, order: Json): number {
  const id = Number(order.id);
  expect.ok(Number.isSafeInteger(id) && id === order.id, 'the id of an order is an integer');
  return id;
}

async function stored(database: CheckDatabase, id: number): Promise<Json | undefined> {
  const [row] = await database.query(
    'SELECT customer_id::int AS customer, status, total::text AS total FROM orders_order WHERE id = $1',
    [id],
  );
  return row;
}

export const checks: Checks = {
  'b1-order-is-placed': async ({ database, http, expect }) => {
    const base = 1_300_000;
    await stockBooks(database, base, ['12.35', '3.10']);
    const placed = await http.post(ORDERS, {
      as: 'alice',
      body: {
        lines: [
          { book: base + 1, quantity: 3 },
          { book: base, quantity: 2 },
        ],
      },
    });
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
        { book: base + 1, title: `Title ${base + 1}`, quantity: 3, unit_price: '3.10' },
        { book: base, title: `Title ${base}`, quantity: 2, unit_price: '12.35' },
      ],
      'its lines, in the order in which they were sent',
    );
    expect.same(await copiesOf(database, base), [8, 7], 'the copies leave the stock');
    const read = await http.get(`${ORDERS}${idOf({ expect }, order)}/`, { as: 'alice' });
    expect.status(read, 200, 'the order can be read');
    expect.same(read.json(), order, 'and is what was answered');
    expect.status(await http.get(`${ORDERS}${UNKNOWN}/`, { as: 'alice' }), 404, 'an order that does not exist');
  },

  'b1-bad-orders-are-refused': async ({ database, http, expect }) => {
    const base = 1_310_000;
    await stockBooks(database, base, ['5.00', '6.00']);
    const customer = await newCustomer(database, base);
    const good = { book: base, quantity: 1 };
    const bodies: readonly unknown[] = [
      'this is not JSON',
      [],
      {},
      { lines: null },
      { lines: 'many' },
      { lines: [] },
      { lines: [{ book: base }] },
      { lines: [{ quantity: 1 }] },
      { lines: [{ book: base, quantity: 0 }] },
      { lines: [{ book: base, quantity: -1 }] },
      { lines: [{ book: base, quantity: 'some' }] },
      { lines: [{ book: base, quantity: 1.5 }] },
      { lines: [{ book: base, quantity: 99_999_999_999 }] },
      { lines: [{ book: 'x', quantity: 1 }] },
      { lines: [good, { book: UNKNOWN, quantity: 1 }] },
      { lines: [good, good] },
    ];
    for (const body of bodies) {
      const answer = await http.post(ORDERS, { ...customer, body });
      expect.status(answer, 400, `an order that is wrong: ${JSON.stringify(body)}`);
    }
    for (const body of [{ rating: 0 }, { rating: 6 }, { rating: 'good' }, { text: 'No rating.' }]) {
      const answer = await http.post(`/api/books/${base}/reviews/`, { ...customer, body });
      expect.status(answer, 400, `a review that is wrong: ${JSON.stringify(body)}`);
    }
    const [{ count } = { count: -1 }] = await database.query(
      'SELECT count(*)::int AS count FROM orders_order WHERE customer_id = $1',
      [base],
    );
    expect.equal(count, 0, 'none of them left an order behind');
    const placed = await http.post(ORDERS, { ...customer, body: { lines: [{ book: base + 1, quantity: 2 }] } });
    expect.status(placed, 201, 'a good order of the same customer is accepted');
    expect.equal(expect.object(placed.json(), 'the order').total, '12.00', 'its total');
  },

  'b1-order-is-all-or-nothing': async ({ database, http, expect }) => {
    const base = 1_320_000;
    await stockBooks(database, base, ['5.00', '6.00', '7.00']);
    const customer = await newCustomer(database, base);
    const place = (lines: readonly Json[]) => http.post(ORDERS, { ...customer, body: { lines } });
    const orders = async () => {
      const [row] = await database.query(
        `SELECT (SELECT count(*) FROM orders_order WHERE customer_id = $1)::int AS orders,
                (SELECT count(*) FROM orders_orderline WHERE book_id BETWEEN $1 AND $1 + 9)::int AS lines`,
        [base],
      );
      return row;
    };
    for (const lines of [
      [
        { book: base, quantity: 2 },
        { book: base + 1, quantity: 11 },
      ],
      [
        { book: base + 1, quantity: 1 },
        { book: base + 2, quantity: 1 },
        { book: UNKNOWN, quantity: 1 },
      ],
    ]) {
      expect.status(await place(lines), 400, 'an order of which one line cannot be delivered is refused');
      expect.same(await orders(), { orders: 0, lines: 0 }, 'a refused order leaves nothing behind');
      expect.same(await copiesOf(database, base), [10, 10, 10], 'a refused order takes nothing from the stock');
    }
    const placed = await place([
      { book: base, quantity: 2 },
      { book: base + 1, quantity: 10 },
    ]);
    expect.status(placed, 201, 'an order of all copies can be delivered');
    expect.same(await orders(), { orders: 1, lines: 2 }, 'an accepted order is stored with its lines');
    expect.same(await copiesOf(database, base), [8, 0, 10], 'an accepted order takes its copies from the stock');
    const id = idOf({ expect }, expect.object(placed.json(), 'the order'));
    expect.status(await http.post(`${ORDERS}${id}/cancel/`, customer), 200, 'it can be cancelled');
    expect.same(await copiesOf(database, base), [10, 10, 10], 'a cancelled order puts its copies back');
    expect.status(await http.post(`${ORDERS}${id}/cancel/`, customer), 409, 'and cannot be cancelled again');
    expect.same(await copiesOf(database, base), [10, 10, 10], 'which puts nothing back a second time');
  },

  'b1-answers-hold-documented-fields': async ({ database, http, expect }) => {
    const base = 1_330_000;
    await stockBooks(database, base, ['5.00']);
    const customer = await newCustomer(database, base);
    const fields = (value: unknown) => Object.keys(expect.object(value, 'an object')).sort();
    const written = await http.post(`/api/books/${base}/reviews/`, { ...customer, body: { rating: 5, text: 'Short.' } });
    expect.same(fields(written.json()), ['by', 'id', 'rating', 'text'], 'fields of a review');
    const shown = expect.object((await http.get(`/api/books/${base}/`, { as: 'visitor' })).json(), 'the book');
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
    expect.same([shown.title, shown.price, shown.in_stock], [`Title ${base}`, '5.00', true], 'and their values');
    const list = (await http.get(`/api/books/?author=${base}`, { as: 'visitor' })).json();
    const listed = Array.isArray(list) ? list : expect.array(expect.object(list, 'a page').results, 'results');
    expect.same(listed.map(fields), [bookFields], 'fields of a book in the list');
    const placed = await http.post(ORDERS, { ...customer, body: { lines: [{ book: base, quantity: 1 }] } });
    const order = expect.object(placed.json(), 'the order');
    expect.same(fields(order), ['created_at', 'customer', 'id', 'lines', 'status', 'total'], 'fields of an order');
    expect.same(
      expect.array(order.lines, 'lines').map(fields),
      [['book', 'quantity', 'title', 'unit_price']],
      'fields of a line',
    );
    const me = (await http.get('/api/customers/me/', customer)).json();
    expect.same(
      me,
      { id: base, username: `customer-${base}`, email: `${base}@example.com`, is_staff: false },
      'what a customer reads of oneself',
    );
  },

  'c3-order-fields-cannot-be-assigned': async ({ database, http, expect }) => {
    const base = 1_370_000;
    await stockBooks(database, base, ['20.00', '1.25']);
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
    const id = idOf({ expect }, order);
    expect.same([order.customer, order.status, order.total], [1, 'placed', '25.00'], 'the order as answered');
    expect.ok(!String(order.created_at).startsWith('2001'), 'the time is the moment of the order');
    expect.same(await stored(database, id), { customer: 1, status: 'placed', total: '25.00' }, 'the order as stored');
    const lines = await database.query(
      'SELECT unit_price::text AS price FROM orders_orderline WHERE order_id = $1 ORDER BY book_id',
      [id],
    );
    expect.same(
      lines.map((line) => line.price),
      ['20.00', '1.25'],
      "lines are charged at the books' prices",
    );
    const changed = await http.patch(`${ORDERS}${id}/`, {
      as: 'sam',
      body: { status: 'paid', total: '0.01', customer: 2 },
    });
    expect.status(changed, 200, 'staff change the status');
    expect.same(await stored(database, id), { customer: 1, status: 'paid', total: '25.00' }, 'and nothing else');
  },
};
