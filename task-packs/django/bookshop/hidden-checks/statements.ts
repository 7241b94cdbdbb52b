import type { CheckContext, CheckDatabase, Checks, HttpAnswer } from '@assay/grader/check-api';

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

/** The rows of a list answer: of a page, or of the bare array that the starter sends. */
function rowsOf({ expect }: CheckContext, answer: HttpAnswer, what: string): readonly Json[] {
  expect.status(answer, 200, what);
  const body = answer.json();
  const rows = Array.isArray(body) ? body : expect.array(expect.object(body, what).results, `${what}: results`);
  return rows.map((row) => expect.object(row, what));
}

/** Statements of the list of one author's books, which must be shown completely. */
async function statementsOfList(context: CheckContext, author: number, count: number, edition: string): Promise<number> {
  const { http, expect } = context;
  const answer = await http.get(`${BOOKS}?author=${author}&page_size=50`, { as: 'visitor' });
  const rows = rowsOf(context, answer, "the list of an author's books");
  expect.equal(rows.length, count, 'all books of the author are listed');
  for (const row of rows) {
    const n = Number(row.id) - 900_000;
    expect.equal(row.title, `Volume ${n}, ${edition}`, 'a book has its title of now');
    expect.equal(expect.object(row.author, 'author').id, author, 'a book has its author');
    const imprint = n % 5 < 2 ? 900_001 + Math.floor(n / 5) * 2 + (n % 5) : null;
    expect.equal(
      row.publisher === null ? null : expect.object(row.publisher, 'publisher').id,
      imprint,
      'a book has its publisher',
    );
    expect.same(row.tags, ['long-list-a', 'long-list-b'], 'a book has its tags');
    expect.equal(row.review_count, 2, 'a book has its number of reviews');
    expect.equal(row.average_rating, '3.50', 'a book has its average rating');
    expect.same(
      expect.array(row.latest_reviews, 'latest reviews').map((review) => expect.object(review, 'review').by),
      ['bob', 'alice'],
      'a book has its latest reviews',
    );
  }
  return answer.statementCount;
}

/**
 * Statements that each further row costs: (more of both - few) / rows. Of `few` no more than `atMost` count: who takes statements for
 * nothing with few rows, or gets with few rows what is shown with many, has not made their number constant.
 */
function growth(few: number, many: number, rows: number, atMost: number): number {
  return (Math.max(few, many) - Math.min(few, atMost)) / rows;
}

/** Far more statements than a list of books needs. */
const FEW_FOR_BOOKS = 15;

/** Statements that each further book of the list costs, measured with 5 and with 50 books, whose titles are changed to `edition` before. */
async function slopeOfList(context: CheckContext, edition: string): Promise<number> {
  await context.database.load('fifty-books.sql');
  await context.database.query(
    "UPDATE catalog_book SET title = 'Volume ' || id - 900000 || ', ' || $1::text WHERE id BETWEEN 900001 AND 900055",
    [edition],
  );
  const five = await statementsOfList(context, 900_001, 5, edition);
  const fifty = await statementsOfList(context, 900_002, 50, edition);
  context.measure('statementsAt5', five);
  context.measure('statementsAt50', fifty);
  context.expect.ok(five > 0 && fifty > 0, 'what was just written is read from the database');
  return context.measure('slope', growth(five, fifty, 45, FEW_FOR_BOOKS));
}

/** Longest Python file that is looked into, in characters: texts of a submission must not keep the judge busy. */
const MAX_TEXT = 65_536;

/** Python without comments and without texts in triple quotes. */
function codeOf(python: string): string {
  let code = '';
  for (let at = 0; at < python.length; ) {
    const sign = python.charAt(at);
    let end = at + 1;
    if (sign === '#') {
      end = python.indexOf('\n', at);
    } else if (python.startsWith('"""', at) || python.startsWith("'''", at)) {
      end = python.indexOf(sign.repeat(3), at + 3);
      if (end >= 0) end += 3;
    } else {
      if (sign === '"' || sign === "'") {
        while (end < python.length && python.charAt(end) !== sign && python.charAt(end) !== '\n') {
          end += python.charAt(end) === '\\' ? 2 : 1;
        }
        end += 1;
      }
      code += python.slice(at, end);
    }
    at = end < 0 ? python.length : end;
  }
  return code;
}

function hasStatementCountTest({ files, expect }: CheckContext): boolean {
  const counted = /\b(assertNumQueries|django_assert_num_queries|django_assert_max_num_queries|CaptureQueriesContext)\b/;
  const found = files
    .list()
    .filter(
      (file) => /(^|\/)tests?(\/|_|\.py$)|_tests?\.py$/.test(file) && file.endsWith('.py') && !file.startsWith('visible-checks/'),
    )
    .find((file) => {
      const code = codeOf((files.read(file) ?? '').slice(0, MAX_TEXT));
      return counted.test(code) && /\bdef test/.test(code) && /\/api\/|reverse\(/.test(code);
    });
  if (found !== undefined) expect.at(found);
  return found !== undefined;
}

export const checks: Checks = {
  'd2-book-list-slope-below-one': async (context) => {
    context.expect.ok((await slopeOfList(context, 'first edition')) < 0.9, 'a further book costs less than 0.9 statements');
  },

  'd2-book-list-slope-small': async (context) => {
    context.expect.ok((await slopeOfList(context, 'second edition')) < 0.2, 'a further book costs less than 0.2 statements');
  },

  'd2-book-list-slope-zero-and-tested': async (context) => {
    context.expect.ok((await slopeOfList(context, 'third edition')) <= 0.02, 'a further book costs no statement');
    context.expect.ok(hasStatementCountTest(context), 'a test of the project counts the statements of a URL of the API');
  },

  'a3-book-list-joins-its-relations': async (context) => {
    context.expect.ok(
      (await slopeOfList(context, 'fourth edition')) <= 0.02,
      'the list gets authors, publishers, tags and reviews of all books at once',
    );
    const count = async (id: number) => {
      const answer = await context.http.get(`${BOOKS}${id}/`, { as: 'visitor' });
      context.expect.status(answer, 200, 'a single book');
      context.expect.equal(
        context.expect.object(answer.json(), 'a book').title,
        `Volume ${id - 900_000}, fourth edition`,
        'it is the right one',
      );
      return answer.statementCount;
    };
    context.expect.ok((await count(900_006)) <= 8, 'a single book takes a handful of statements');
  },

  'a3-orders-join-their-lines': async (context) => {
    const { database, http, expect, measure } = context;
    const base = 1_200_000;
    const headers = { authorization: `Token ${String(base).padStart(40, 'd')}` };
    await insert(database, 'customers_customer', [
      {
        id: base,
        username: 'buys-a-lot',
        email: '',
        password: '!',
        first_name: '',
        last_name: '',
        is_staff: 'false',
        is_superuser: 'false',
        is_active: 'true',
        date_joined: '2024-01-01',
      },
    ]);
    await insert(database, 'authtoken_token', [{ key: String(base).padStart(40, 'd'), user_id: base, created: '2024-01-01' }]);
    await insert(database, 'catalog_author', [{ id: base, name: 'Ordered' }]);
    await insert(
      database,
      'catalog_book',
      Array.from({ length: 12 }, (_, n) => book(base + n, base)),
    );
    const place = async (first: number, orders: number, lines: number) => {
      for (let n = first; n < first + orders; n += 1) {
        const row = {
          id: base + n,
          customer_id: base,
          status: 'paid',
          created_at: `2031-01-${10 + n}T00:00:00Z`,
          total: '10.00',
        };
        await insert(database, 'orders_order', [row]);
        await insert(
          database,
          'orders_orderline',
          Array.from({ length: lines }, (_, m) => ({
            id: base + n * 100 + m,
            order_id: base + n,
            book_id: base + m,
            quantity: 1 + m,
            unit_price: '10.00',
          })),
        );
      }
    };
    const list = async (expected: number) => {
      const answer = await http.get('/api/orders/?page_size=50', { as: 'visitor', headers });
      const own = rowsOf(context, answer, 'the list of orders').filter((row) => row.customer === base);
      expect.equal(own.length, expected, 'the list shows the orders of the customer');
      for (const row of own) {
        const lines = expect.array(row.lines, 'lines of an order').map((line) => expect.object(line, 'a line'));
        for (const line of lines) expect.equal(line.title, `Book ${line.book}`, 'a line shows the title of its book');
        expect.equal(lines.length, Number(row.id) >= base + 2 ? 6 : 1, 'an order shows all its lines');
      }
      return answer.statementCount;
    };
    const detail = async (id: number) => {
      const answer = await http.get(`/api/orders/${id}/`, { as: 'visitor', headers });
      expect.status(answer, 200, 'a single order');
      expect.equal(expect.object(answer.json(), 'an order').id, id, 'it is the right one');
      return answer.statementCount;
    };
    await place(0, 2, 1);
    const few = await list(2);
    await place(2, 10, 6);
    const many = await list(12);
    expect.ok(measure('statementsPerOrder', growth(few, many, 10, 12)) <= 0.02, 'a further order costs no statement');
    const six = await detail(base + 5);
    const lines = measure('statementsPerLine', growth(await detail(base), six, 5, 8));
    expect.ok(lines <= 0.02, 'a further line of a single order costs no statement');
  },

  'a3-latest-reviews-for-all-books-at-once': async (context) => {
    const { database, http, expect, measure } = context;
    const base = 1_210_000;
    await insert(database, 'catalog_author', [
      { id: base, name: 'Reviewed' },
      { id: base + 1, name: 'Reviewed Too' },
    ]);
    await insert(database, 'catalog_book', [book(base, base), book(base + 1, base), book(base + 2, base)]);
    await insert(
      database,
      'catalog_book',
      Array.from({ length: 12 }, (_, n) => book(base + 10 + n, base + 1)),
    );
    await database.query(
      `INSERT INTO customers_customer (id, username, email, password, first_name, last_name, is_staff, is_superuser, is_active, date_joined)
       SELECT ${base} + n, 'reviewer-' || n, '', '!', '', '', false, false, true, '2024-01-01' FROM generate_series(1, 5) AS n`,
    );
    const day = (n: number) => `2024-05-0${n}T00:00:00Z`;
    const review = (id: number, bookId: number, customer: number, createdAt: string): Row => ({
      id,
      book_id: bookId,
      customer_id: base + customer,
      rating: customer,
      text: `by ${customer}`,
      created_at: createdAt,
    });
    // Newest first is 2, 5, 4 (as old as 3, with a higher id), 3, 1.
    await insert(database, 'catalog_review', [
      review(base + 1, base, 1, day(1)),
      review(base + 2, base, 2, day(8)),
      review(base + 3, base, 3, day(4)),
      review(base + 4, base, 4, day(4)),
      review(base + 5, base, 5, day(6)),
      review(base + 6, base + 1, 1, day(3)),
    ]);
    await insert(
      database,
      'catalog_review',
      Array.from({ length: 60 }, (_, n) =>
        review(base + 100 + n, base + 10 + (n % 12), 1 + Math.floor(n / 12), day(1 + Math.floor(n / 12))),
      ),
    );
    const list = async (author: number) => {
      const answer = await http.get(`${BOOKS}?author=${author}&page_size=50`, { as: 'visitor' });
      return { answer, rows: rowsOf(context, answer, "the list of an author's books") };
    };
    const few = await list(base);
    const shown = (n: number, customer: number) => ({
      id: base + n,
      rating: customer,
      text: `by ${customer}`,
      by: `reviewer-${customer}`,
    });
    expect.same(
      few.rows.map((row) => row.latest_reviews),
      [[shown(2, 2), shown(5, 5), shown(4, 4)], [shown(6, 1)], []],
      'each book shows its three newest reviews, newest first',
    );
    const many = await list(base + 1);
    expect.equal(many.rows.length, 12, 'all books of the author are listed');
    for (const row of many.rows) {
      expect.same(
        expect.array(row.latest_reviews, 'latest reviews').map((item) => expect.object(item, 'a review').by),
        ['reviewer-5', 'reviewer-4', 'reviewer-3'],
        'each of many books shows its own three newest reviews',
      );
    }
    const slope = measure('statementsPerBook', growth(few.answer.statementCount, many.answer.statementCount, 9, FEW_FOR_BOOKS));
    expect.ok(slope <= 0.02, 'the reviews of a further book cost no statement');
  },
};
