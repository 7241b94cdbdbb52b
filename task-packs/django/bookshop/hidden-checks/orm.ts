import type { CheckContext, CheckDatabase, Checks } from '@assay/grader/check-api';

const REPORT = '/api/reports/author-revenue/';

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

/** The report as sent, and the rows of the given authors in the order in which they came. */
async function report({ http, expect }: CheckContext, authors: readonly number[], query = '') {
  const answer = await http.get(`${REPORT}${query}`, { as: 'sam' });
  expect.status(answer, 200, 'staff read the report');
  const rows = expect.array(answer.json(), 'the report is an array').map((row) => expect.object(row, 'a row is an object'));
  const idOf = (row: Readonly<Record<string, unknown>>) => expect.object(row.author, 'a row names its author').id;
  const own = rows.filter((row) => authors.some((author) => author === idOf(row)));
  return { answer, rows, own, ids: own.map(idOf) };
}

function sales(row: Readonly<Record<string, unknown>> | undefined) {
  return { orders: row?.orders, units: row?.units, revenue: row?.revenue };
}

export const checks: Checks = {
  'a2-report-counts-what-was-sold': async (context) => {
    const { database, expect } = context;
    await insert(database, 'catalog_author', [{ id: 1_100_001, name: 'Sold and Cancelled' }]);
    await insert(database, 'catalog_book', [book(1_100_001, 1_100_001, '10.00')]);
    await insert(database, 'orders_order', [
      order(1_100_001, '2024-06-01T10:00:00Z', 'shipped'),
      order(1_100_002, '2024-06-02T10:00:00Z', 'cancelled'),
      order(1_100_003, '2024-06-03T10:00:00Z', 'placed'),
    ]);
    await insert(database, 'orders_orderline', [
      line(1_100_001, 1_100_001, 1_100_001, 2, '10.00'),
      line(1_100_002, 1_100_002, 1_100_001, 5, '10.00'),
      line(1_100_003, 1_100_003, 1_100_001, 1, '10.00'),
    ]);
    const { own } = await report(context, [1_100_001]);
    expect.equal(own.length, 1, 'an author who sold stands in the report once');
    expect.same(sales(own[0]), { orders: 2, units: 3, revenue: '30.00' }, 'cancelled orders do not count, all others do');
  },

  'a2-report-joins-multiply-nothing': async (context) => {
    const { database, expect } = context;
    await insert(database, 'catalog_author', [{ id: 1_110_001, name: 'Reviewed and Sold' }]);
    await insert(database, 'catalog_book', [
      book(1_110_001, 1_110_001, '7.50'),
      book(1_110_002, 1_110_001, '20.00'),
      book(1_110_003, 1_110_001, '3.00'),
    ]);
    await insert(database, 'orders_order', [order(1_110_001, '2024-06-01T10:00:00Z'), order(1_110_002, '2024-06-02T10:00:00Z')]);
    await insert(database, 'orders_orderline', [
      line(1_110_001, 1_110_001, 1_110_001, 3, '7.50'),
      line(1_110_002, 1_110_001, 1_110_002, 1, '20.00'),
      line(1_110_003, 1_110_002, 1_110_001, 2, '7.50'),
    ]);
    await insert(database, 'catalog_review', [
      review(1_110_001, 1_110_001, 1, 5),
      review(1_110_002, 1_110_001, 2, 4),
      review(1_110_003, 1_110_001, 3, 5),
      review(1_110_004, 1_110_002, 1, 1),
      review(1_110_005, 1_110_003, 2, 3),
    ]);
    const { own } = await report(context, [1_110_001]);
    expect.same(
      own,
      [
        {
          author: { id: 1_110_001, name: 'Reviewed and Sold' },
          orders: 2,
          units: 6,
          revenue: '57.50',
          review_count: 5,
          average_rating: '3.60',
        },
      ],
      'two orders with three lines, three books with five reviews: each counts once',
    );
  },

  'a2-report-statements-do-not-grow': async (context) => {
    const { database, expect, measure } = context;
    const authors = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
    const fill = async (ids: readonly number[]) => {
      await insert(
        database,
        'catalog_author',
        ids.map((id) => ({ id, name: `Author ${id}` })),
      );
      await insert(
        database,
        'catalog_book',
        ids.map((id) => book(id, id, '4.00')),
      );
      await insert(
        database,
        'orders_order',
        ids.map((id) => order(id, '2024-06-01T10:00:00Z')),
      );
      await insert(
        database,
        'orders_orderline',
        ids.map((id) => line(id, id, id, 2, '4.00')),
      );
      await insert(
        database,
        'catalog_review',
        ids.map((id) => review(id, id, 1, 4)),
      );
    };
    const few = authors(1_120_000, 2);
    const many = authors(1_121_000, 30);
    await fill(few);
    const before = await report(context, few);
    expect.equal(before.own.length, few.length, 'all authors stand in the report');
    await fill(many);
    const after = await report(context, [...few, ...many]);
    expect.equal(after.own.length, few.length + many.length, 'authors who were added stand in the report');
    for (const row of after.own) expect.equal(row.revenue, '8.00', 'each of them sold two copies');
    // Of what few authors take no more than 15 count, so that nothing is gained by statements for nothing.
    const counts = [before.answer.statementCount, after.answer.statementCount];
    const slope = (Math.max(...counts) - Math.min(before.answer.statementCount, 15)) / many.length;
    expect.ok(measure('statementsPerAuthor', slope) <= 0.02, 'the number of statements does not depend on the number of authors');
  },

  'a2-report-days-are-inclusive': async (context) => {
    const { database, expect, http } = context;
    const [sold, unsold] = [1_130_001, 1_130_002];
    await insert(database, 'catalog_author', [
      { id: sold, name: 'February' },
      { id: unsold, name: 'Never' },
    ]);
    await insert(database, 'catalog_book', [book(1_130_001, sold, '1.00'), book(1_130_002, unsold, '1.00')]);
    await insert(database, 'orders_order', [
      order(1_130_001, '2024-01-31T23:59:59Z'),
      order(1_130_002, '2024-02-01T00:00:00Z'),
      order(1_130_003, '2024-02-29T23:59:59.5Z'),
      order(1_130_004, '2024-03-01T00:00:00Z'),
    ]);
    await insert(
      database,
      'orders_orderline',
      [1, 2, 3, 4].map((n) => line(1_130_000 + n, 1_130_000 + n, 1_130_001, 10 ** (n - 1), '1.00')),
    );
    await insert(database, 'catalog_review', [review(1_130_001, 1_130_002, 1, 2)]);
    const unitsWith = async (query: string) => {
      const { own } = await report(context, [sold, unsold], query);
      expect.equal(own.length, 2, 'the days do not change which authors are listed');
      const other = own.find((row) => expect.object(row.author, 'author').id === unsold);
      expect.equal(other?.units, 0, 'who sold nothing has 0 units');
      expect.equal(other?.review_count, 1, 'the days do not restrict the reviews');
      return own.find((row) => expect.object(row.author, 'author').id === sold)?.units;
    };
    expect.equal(await unitsWith('?from=2024-02-01&to=2024-02-29'), 110, 'both days belong to the range, to their last second');
    expect.equal(await unitsWith('?from=2024-02-29'), 1100, '`to` may be left out');
    expect.equal(await unitsWith('?to=2024-01-31'), 1, '`from` may be left out');
    for (const query of ['?from=yesterday', '?to=2024-02-30', '?from=2024-03-02&to=2024-03-01']) {
      expect.status(await http.get(`${REPORT}${query}`, { as: 'sam' }), 400, 'days that make no sense are refused');
    }
  },

  'a2-report-edge-data': async (context) => {
    const { database, expect } = context;
    const [best, tieA, tieB, none] = [1_140_004, 1_140_003, 1_140_002, 1_140_001];
    await insert(database, 'catalog_author', [
      { id: none, name: 'Zero Sales' },
      { id: tieB, name: 'Tie, Berta' },
      { id: tieA, name: 'Tie, Anton' },
      { id: best, name: 'Best, Seller' },
    ]);
    // Prices have changed since the books were sold.
    await insert(database, 'catalog_book', [
      book(1_140_001, best, '1.00'),
      book(1_140_002, tieA, '99.00'),
      book(1_140_003, tieB, '5.00'),
    ]);
    await insert(database, 'orders_order', [
      order(1_140_001, '2024-06-01T10:00:00Z'),
      order(1_140_002, '2024-06-02T10:00:00Z', 'cancelled'),
    ]);
    await insert(database, 'orders_orderline', [
      line(1_140_001, 1_140_001, 1_140_001, 2, '123456.78'),
      line(1_140_002, 1_140_001, 1_140_002, 3, '0.10'),
      line(1_140_003, 1_140_001, 1_140_003, 1, '0.30'),
      line(1_140_004, 1_140_002, 1_140_003, 9, '99.00'),
    ]);
    const { own, ids, rows } = await report(context, [best, tieA, tieB, none]);
    expect.same(ids, [best, tieA, tieB, none], 'sorted by revenue, equal ones by name, nothing sold comes last');
    expect.same(
      own.map((row) => row.revenue),
      ['246913.56', '0.30', '0.30', '0.00'],
      'revenue is what was charged',
    );
    expect.same(
      own[3],
      {
        author: { id: none, name: 'Zero Sales' },
        orders: 0,
        units: 0,
        revenue: '0.00',
        review_count: 0,
        average_rating: null,
      },
      'an author without books, sales and reviews stands there with zeros',
    );
    const [{ count } = { count: -1 }] = await database.query('SELECT count(*)::int AS count FROM catalog_author');
    expect.equal(rows.length, count, 'every author stands in the report once');
  },
};
