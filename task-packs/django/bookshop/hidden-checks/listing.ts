import type { CheckContext, CheckDatabase, Checks } from '@assay/grader/check-api';

const BOOKS = '/api/books/';

type Row = Readonly<Record<string, string | number | null>>;
type Json = Readonly<Record<string, unknown>>;

async function insert(database: CheckDatabase, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.flatMap((row) => columns.map((column) => row[column] ?? null));
  const places = rows.map((_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`);
  await database.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`, values);
}

function book(id: number, author: number, values: Row = {}): Row {
  return {
    id,
    title: `Book ${id}`,
    isbn: String(9_710_000_000_000 + id),
    author_id: author,
    publisher_id: null,
    price: '10.00',
    purchase_price: '1.00',
    published_on: '2012-03-04',
    stock: 50,
    ...values,
  };
}

async function page(context: CheckContext, path: string): Promise<{ body: Json; rows: readonly Json[] }> {
  const answer = await context.http.get(path, { as: 'visitor' });
  context.expect.status(answer, 200, 'the page');
  const body = context.expect.object(answer.json(), 'a page is an object');
  const rows = context.expect.array(body.results, 'results of a page').map((row) => context.expect.object(row, 'a book'));
  return { body, rows };
}

function ids(rows: readonly Json[]): readonly unknown[] {
  return rows.map((row) => row.id);
}

export const checks: Checks = {
  'b4-lists-come-in-pages': async (context) => {
    const { database, expect } = context;
    const base = 1_220_000;
    await insert(database, 'catalog_author', [{ id: base, name: 'Paged' }]);
    await insert(
      database,
      'catalog_book',
      Array.from({ length: 7 }, (_, n) => book(base + n, base, { title: `Part ${7 - n}` })),
    );
    const path = `${BOOKS}?author=${base}&page_size=3`;
    const [first, second, third] = [
      await page(context, path),
      await page(context, `${path}&page=2`),
      await page(context, `${path}&page=3`),
    ];
    expect.same(
      [...first.rows, ...second.rows, ...third.rows].map((row) => row.title),
      [1, 2, 3, 4, 5, 6, 7].map((n) => `Part ${n}`),
      'three pages hold all books once, sorted by title',
    );
    expect.same([first.rows.length, second.rows.length, third.rows.length], [3, 3, 1], 'pages have the size that was asked for');
    for (const { body } of [first, second, third]) expect.equal(body.count, 7, 'count is the number of all books');
    expect.ok(
      typeof first.body.next === 'string' && first.body.previous === null,
      'the first page has a next and no previous one',
    );
    expect.ok(
      third.body.next === null && typeof third.body.previous === 'string',
      'the last page has a previous and no next one',
    );
  },

  'b4-page-size-is-capped': async (context) => {
    const { database, expect } = context;
    const base = 1_230_000;
    await insert(database, 'catalog_author', [{ id: base, name: 'Prolific' }]);
    await insert(
      database,
      'catalog_book',
      Array.from({ length: 60 }, (_, n) => book(base + n, base)),
    );
    const path = `${BOOKS}?author=${base}`;
    for (const [query, size] of [
      ['', 20],
      ['&page_size=35', 35],
      ['&page_size=51', 50],
      ['&page_size=100000', 50],
    ] as const) {
      const { body, rows } = await page(context, path + query);
      expect.equal(rows.length, size, `size of a page with "${query}"`);
      expect.equal(body.count, 60, 'count is the number of all books');
      expect.equal(rows[0]?.author && expect.object(rows[0].author, 'author').id, base, 'they are the books of the author');
    }
  },

  'b4-filters-are-validated': async (context) => {
    const { database, http, expect } = context;
    const base = 1_240_000;
    await insert(database, 'catalog_author', [{ id: base, name: 'Filtered' }]);
    await insert(database, 'catalog_tag', [
      { id: base, slug: 'filter-red' },
      { id: base + 1, slug: 'filter-blue' },
    ]);
    await insert(
      database,
      'catalog_book',
      [8, 9, 10, 11].map((price, n) => book(base + n, base, { price: `${price}.00` })),
    );
    await insert(database, 'catalog_book_tags', [
      { id: base, book_id: base, tag_id: base },
      { id: base + 1, book_id: base, tag_id: base + 1 },
      { id: base + 2, book_id: base + 2, tag_id: base + 1 },
    ]);
    await insert(
      database,
      'catalog_review',
      [1, 2].map((customer) => ({
        id: base + customer,
        book_id: base,
        customer_id: customer,
        rating: 4,
        text: '',
        created_at: '2024-05-06T07:08:09Z',
      })),
    );
    const own = `${BOOKS}?author=${base}`;
    expect.same(
      ids((await page(context, `${own}&min_price=9.00&max_price=10`)).rows),
      [base + 1, base + 2],
      'both prices are inclusive',
    );
    const tagged = await page(context, `${BOOKS}?tag=filter-red&tag=filter-blue`);
    expect.same(ids(tagged.rows), [base, base + 2], 'any of the tags, each book once');
    expect.equal(tagged.body.count, 2, 'a book with both tags is counted once');
    expect.equal(tagged.rows[0]?.review_count, 2, 'the tags do not multiply the reviews');
    expect.same(
      ids((await page(context, `${own}&tag=filter-blue&ordering=-price`)).rows),
      [base + 2, base],
      'filters go together',
    );
    for (const query of [
      'author=abc',
      'min_price=cheap',
      'max_price=NaN',
      'ordering=colour',
      'ordering=purchase_price',
      'ordering=author__books__orders',
    ]) {
      expect.status(
        await http.get(`${own}&${query}`.replace(/author=\d+&author/, 'author'), { as: 'visitor' }),
        400,
        `"${query}" is refused`,
      );
    }
  },

  'b4-order-of-equal-books-is-stable': async (context) => {
    const { database, expect } = context;
    const base = 1_250_000;
    await insert(database, 'catalog_author', [{ id: base, name: 'Equals' }]);
    // Written in another order than that of their ids.
    const shuffled = [7, 2, 9, 4, 0, 11, 6, 1, 10, 3, 8, 5];
    await insert(
      database,
      'catalog_book',
      shuffled.map((n) =>
        book(base + n, base, { price: n < 9 ? '5.00' : '6.00', title: 'The Same', published_on: '2020-02-02' }),
      ),
    );
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => base + n);
    for (const [ordering, expected] of [
      ['title', all],
      ['-published_on', all],
      ['price', all],
      ['-price', [...all.slice(9), ...all.slice(0, 9)]],
    ] as const) {
      const seen: unknown[] = [];
      for (const number of [1, 2, 3]) {
        const { rows } = await page(context, `${BOOKS}?author=${base}&ordering=${ordering}&page_size=5&page=${number}`);
        seen.push(...ids(rows));
      }
      expect.same(seen, expected, `pages ordered by ${ordering}: equal books come by id, none twice, none missing`);
    }
  },
};
