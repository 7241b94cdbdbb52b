import type { CheckDatabase, Checks } from '@assay/grader/check-api';

type Row = Readonly<Record<string, string | number | null>>;

async function insert(database: CheckDatabase, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  const places = rows.map((_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`);
  await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`, values);
}

function book(id: number, author: number, price: string): Row {
  const isbn = String(9_700_000_000_000 + id);
  return {
    id,
    title: `Book ${id}`,
    isbn,
    author_id: author,
    price,
    purchase_price: '1.00',
    published_on: '2012-03-04',
    stock: 50,
  };
}

function order(id: number, createdAt: string, status = 'paid'): Row {
  return { id, customer_id: 3, status, created_at: createdAt, total: '0.00' };
}

function line(id: number, orderId: number, bookId: number, quantity: number, unitPrice: string): Row {
  return { id, order_id: orderId, book_id: bookId, quantity, unit_price: unitPrice };
}

function review(id: number, bookId: number, customer: number, rating: number): Row {
  return { id, book_id: bookId, customer_id: customer, rating, text: '', created_at: '2024-05-06T07:08:09Z' };
}

export const checks: Checks = {
  'd1-one-review-per-customer': async ({ database, http, expect }) => {
    await insert(database, 'catalog_author', [{ id: 1_150_001, name: 'Reviewed Once' }]);
    await insert(database, 'catalog_book', [book(1_150_001, 1_150_001, '6.00'), book(1_150_002, 1_150_001, '6.00')]);
    const path = '/api/books/1150001/reviews/';
    const first = await http.post(path, { as: 'alice', body: { rating: 4, text: 'Fine.' } });
    expect.status(first, 201, 'a first review is accepted');
    expect.equal(expect.object(first.json(), 'the review').by, 'alice', 'the review names who wrote it');
    const second = await http.post(path, { as: 'alice', body: { rating: 1, text: 'Changed my mind.' } });
    expect.status(second, 400, 'a second review of the same book by the same customer is refused');
    expect.status(await http.post(path, { as: 'bob', body: { rating: 2 } }), 201, 'another customer may review it');
    await insert(database, 'catalog_review', [review(1_150_001, 1_150_002, 1, 3)]);
    const refused = await insert(database, 'catalog_review', [review(1_150_002, 1_150_002, 1, 5)]).then(
      () => false,
      () => true,
    );
    expect.ok(refused, 'the database itself refuses a second review of the same book by the same customer');
    await insert(database, 'catalog_review', [review(1_150_003, 1_150_002, 2, 3)]);
    const shown = expect.object((await http.get('/api/books/1150001/', { as: 'visitor' })).json(), 'the book');
    expect.equal(shown.title, 'Book 1150001', 'the API shows the book');
    expect.equal(shown.review_count, 2, 'with the two reviews that were accepted');
  },

  'd1-impossible-rows-refused': async ({ database, http, expect }) => {
    await insert(database, 'catalog_author', [{ id: 1_160_001, name: 'Bounded' }]);
    await insert(database, 'catalog_book', [book(1_160_001, 1_160_001, '6.00')]);
    await insert(database, 'orders_order', [order(1_160_001, '2024-06-01T10:00:00Z')]);
    const accepts = (table: string, row: Row) =>
      insert(database, table, [row]).then(
        () => true,
        () => false,
      );
    expect.ok(await accepts('catalog_review', review(1_160_001, 1_160_001, 1, 1)), 'the database takes a rating of 1');
    expect.ok(await accepts('catalog_review', review(1_160_002, 1_160_001, 2, 5)), 'the database takes a rating of 5');
    expect.ok(await accepts('orders_orderline', line(1_160_001, 1_160_001, 1_160_001, 1, '6.00')), 'the database takes one copy');
    expect.ok(!(await accepts('catalog_review', review(1_160_003, 1_160_001, 3, 0))), 'the database refuses a rating of 0');
    expect.ok(!(await accepts('catalog_review', review(1_160_004, 1_160_001, 3, 6))), 'the database refuses a rating of 6');
    expect.ok(
      !(await accepts('orders_orderline', line(1_160_002, 1_160_001, 1_160_001, 0, '6.00'))),
      'the database refuses a line of no copies',
    );
    const shown = expect.object((await http.get('/api/books/1160001/', { as: 'visitor' })).json(), 'the book');
    expect.equal(shown.title, 'Book 1160001', 'the API shows the book');
    expect.equal(shown.review_count, 2, 'with the reviews that the database took');
    expect.equal(shown.average_rating, '3.00', 'and their average');
  },

  'd1-order-list-served-by-index': async ({ database, expect, measure, http }) => {
    const first = 1_170_000;
    await database.query(
      `INSERT INTO customers_customer (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
       SELECT ${first} + n, 'plan-' || n, '', '!', '', '', false, false, true, '2024-01-01' FROM generate_series(0, 49) AS n`,
    );
    try {
      await database.query(
        `INSERT INTO orders_order (id, customer_id, status, created_at, total)
         SELECT ${first} + n, ${first} + n % 50, 'paid', TIMESTAMPTZ '2020-01-01 00:00:00+00' + (n * 7919 % 4000) * INTERVAL '1 hour', 1
         FROM generate_series(0, 3999) AS n`,
      );
      await database.query('ANALYZE orders_order');
      const [plan = {}] = await database.query(
        `EXPLAIN (FORMAT JSON, COSTS OFF) SELECT id, customer_id, status, created_at, total FROM orders_order
         WHERE customer_id = ${first + 7} ORDER BY created_at DESC, id DESC LIMIT 20`,
      );
      const nodes = [...JSON.stringify(plan).matchAll(/"Node Type":\s*"([^"]+)"/g)].map((match) => match[1] ?? '');
      measure('planNodes', nodes.length);
      expect.ok(
        nodes.some((node) => /^Index (Only )?Scan/.test(node)),
        `a customer's newest orders are read from an index, the plan is ${nodes.join(' > ')}`,
      );
      expect.ok(!nodes.includes('Sort'), `and need no sorting of all their orders, the plan is ${nodes.join(' > ')}`);
    } finally {
      await database.query(`DELETE FROM orders_order WHERE id BETWEEN ${first} AND ${first + 3999}`);
    }
    const newest = { ...order(first, '2033-01-01T00:00:00Z'), customer_id: 1 };
    await insert(database, 'orders_order', [newest]);
    const list = await http.get('/api/orders/?page_size=50', { as: 'alice' });
    expect.status(list, 200, 'the list of orders answers');
    expect.ok(list.text.includes(`"id":${first},`), 'and shows an order that was just written');
  },
};
