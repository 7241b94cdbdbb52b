import type { CheckContext, Checks } from '@assay/grader/check-api';
import { growth, idsOf, rowsOf } from './support/answers';
import { BULK, bookLists, EDITION, REVIEWED, shownBook } from './support/catalogue';
import { MANY, ORDERS, OWN, ordersOfAlice, ownOrder } from './support/ordering';
import { codeOf } from './support/python';
import type { Json } from './support/rows';

/** Far more statements than a list of books needs. */
const FEW_FOR_BOOKS = 15;

function isVolume(row: Json): boolean {
  return Number(row.id) < REVIEWED;
}

/** Expects all that `fifty-books.sql` says of its books. */
function expectVolumes({ expect }: CheckContext, rows: readonly Json[], author: number, edition: string): void {
  for (const row of rows) {
    const n = Number(row.id) - 900_000;
    expect.equal(row.title, `Volume ${n}${edition}`, 'a book has its title of now');
    expect.equal(expect.object(row.author, 'author').id, author, 'a book has its author');
    const imprint = n % 5 < 2 ? 900_001 + Math.floor(n / 5) * 2 + (n % 5) : null;
    const publisher = row.publisher === null ? null : expect.object(row.publisher, 'publisher').id;
    expect.equal(publisher, imprint, 'a book has its publisher');
    expect.same(row.tags, ['long-list-a', 'long-list-b'], 'a book has its tags');
    expect.equal(row.review_count, 2, 'a book has its number of reviews');
    expect.equal(row.average_rating, '3.50', 'a book has its average rating');
    const by = expect.array(row.latest_reviews, 'latest reviews').map((review) => expect.object(review, 'review').by);
    expect.same(by, ['bob', 'alice'], 'a book has its latest reviews');
  }
}

/** Statements that each further book of the list costs, measured with 5 and with 50 books. */
async function slopeOfList(context: CheckContext): Promise<number> {
  const { expect, measure } = context;
  const { few, many, again } = await bookLists(context);
  const [five, fifty] = [few, many].map((answer) => rowsOf(context, answer, "the list of an author's books"));
  expect.same([five?.length, fifty?.length], [5, 50], 'all books of the author are listed');
  expectVolumes(context, five ?? [], 900_001, '');
  expectVolumes(context, fifty ?? [], 900_002, EDITION);
  const volumes = rowsOf(context, again, 'the same list later').filter(isVolume);
  expect.equal(volumes.length, 5, 'the books are still listed when the same is asked again');
  expectVolumes(context, volumes, 900_001, EDITION);
  const statements = [measure('statementsAt5', few.statementCount), measure('statementsAt50', many.statementCount)];
  expect.ok(Math.min(...statements) > 0, 'what was just written is read from the database');
  return measure('slope', growth(few.statementCount, many.statementCount, 45, FEW_FOR_BOOKS));
}

function hasStatementCountTest({ files, expect }: CheckContext): boolean {
  const counted = /\b(assertNumQueries|django_assert_num_queries|django_assert_max_num_queries|CaptureQueriesContext)\b/;
  const found = files
    .list()
    .filter(
      (file) => /(^|\/)tests?(\/|_|\.py$)|_tests?\.py$/.test(file) && file.endsWith('.py') && !file.startsWith('visible-checks/'),
    )
    .find((file) => {
      const code = codeOf(files.read(file) ?? '');
      return counted.test(code) && /\bdef test/.test(code) && /\/api\/|reverse\(/.test(code);
    });
  if (found !== undefined) expect.at(found);
  return found !== undefined;
}

export const checks: Checks = {
  'd2-book-list-slope-below-one': async (context) => {
    context.expect.ok((await slopeOfList(context)) < 0.9, 'a further book costs less than 0.9 statements');
  },

  'd2-book-list-slope-small': async (context) => {
    context.expect.ok((await slopeOfList(context)) < 0.2, 'a further book costs less than 0.2 statements');
  },

  'd2-book-list-slope-zero-and-tested': async (context) => {
    context.expect.ok((await slopeOfList(context)) <= 0.02, 'a further book costs no statement');
    context.expect.ok(hasStatementCountTest(context), 'a test of the project counts the statements of a URL of the API');
  },

  'a3-book-list-joins-its-relations': async (context) => {
    context.expect.ok(
      (await slopeOfList(context)) <= 0.02,
      'the list gets authors, publishers, tags and reviews of all books at once',
    );
    context.expect.ok((await shownBook(context)).statementCount <= 8, 'a single book takes a handful of statements');
  },

  'a3-orders-join-their-lines': async (context) => {
    const { http, expect, measure } = context;
    const { few, many } = await ordersOfAlice(context);
    expect.ok(idsOf(rowsOf(context, few, 'the list of orders')).includes(OWN), 'the list shows an order of the customer');
    const added = rowsOf(context, many, 'the list of orders').filter((row) => MANY.some((id) => id === row.id));
    expect.equal(added.length, MANY.length, 'the list shows orders that were added');
    for (const row of added) {
      const lines = expect.array(row.lines, 'lines of an order').map((line) => expect.object(line, 'a line'));
      for (const line of lines) expect.equal(line.title, `Title ${line.book}`, 'a line shows the title of its book');
      expect.equal(lines.length, 6, 'an order shows all its lines');
    }
    const perOrder = measure('statementsPerOrder', growth(few.statementCount, many.statementCount, MANY.length, 12));
    expect.ok(perOrder <= 0.02, 'a further order costs no statement');
    const one = await ownOrder(context);
    const six = await http.get(`${ORDERS}${MANY[0]}/`, { as: 'alice' });
    for (const [answer, id] of [
      [one, OWN],
      [six, MANY[0]],
    ] as const) {
      expect.status(answer, 200, 'a single order');
      expect.equal(expect.object(answer.json(), 'an order').id, id, 'it is the right one');
    }
    const perLine = measure('statementsPerLine', growth(one.statementCount, six.statementCount, 5, 8));
    expect.ok(perLine <= 0.02, 'a further line of a single order costs no statement');
  },

  'a3-latest-reviews-for-all-books-at-once': async (context) => {
    const { expect, measure } = context;
    const { few, again } = await bookLists(context);
    const rows = rowsOf(context, again, "the list of an author's books");
    expect.equal(rows.length, 20, 'all books of the author are listed');
    const latest = (id: number) => rows.find((row) => row.id === id)?.latest_reviews;
    const shown = (n: number, customer: number) => ({
      id: REVIEWED + n,
      rating: (customer % 4) + 2,
      text: `by ${customer}`,
      by: `reviewer-${customer}`,
    });
    expect.same(
      [0, 1, 2].map((n) => latest(REVIEWED + n)),
      [[shown(2, 2), shown(5, 5), shown(4, 4)], [shown(6, 1)], []],
      'each book shows its three newest reviews, newest first',
    );
    for (const id of BULK) {
      expect.same(
        expect.array(latest(id), 'latest reviews').map((item) => expect.object(item, 'a review').by),
        ['reviewer-5', 'reviewer-4', 'reviewer-3'],
        'each of many books shows its own three newest reviews',
      );
    }
    const slope = measure('statementsPerBook', growth(few.statementCount, again.statementCount, 15, FEW_FOR_BOOKS));
    expect.ok(slope <= 0.02, 'the reviews of a further book cost no statement');
  },
};
