import type { CheckContext, Checks, HttpAnswer } from '@assay/grader/check-api';
import { idsOf } from './support/answers';
import { BOOKS } from './support/catalogue';
import { author, book, insert, type Json, numbers, review } from './support/rows';

/** An author with 51 books in the order of their titles; the last eleven have the same. Ids come in another order. */
const PAGED = 1_220_000;
const PAGED_BOOKS = numbers(0, 51).map((n) => ({
  id: PAGED + ((n * 7) % 51),
  title: n < 40 ? `Part ${100 + n}` : 'Same',
  price: n % 8 === 3 ? '6.00' : '5.00',
}));
const OF_PAGED = `${BOOKS}?author=${PAGED}`;

interface Page {
  readonly body: Json;
  readonly rows: readonly Json[];
}

function pageOf({ expect }: CheckContext, answer: HttpAnswer): Page {
  expect.status(answer, 200, 'the page');
  const body = expect.object(answer.json(), 'a page is an object');
  const rows = expect.array(body.results, 'results of a page').map((row) => expect.object(row, 'a book'));
  return { body, rows };
}

function pagedAuthor({ shared }: CheckContext): Promise<void> {
  return shared('paged-author', ({ database }) =>
    insert(database, {
      catalog_author: [author(PAGED)],
      catalog_book: PAGED_BOOKS.map(({ id, title, price }) => book(id, PAGED, { title, price, published_on: '2020-02-02' })),
    }),
  );
}

/** A page of the author's books, asked for once. */
async function pageOfAuthor(context: CheckContext, query: string): Promise<Page> {
  const answer = await context.shared(`page-of-author${query}`, async (making) => {
    await pagedAuthor(making);
    return making.http.get(OF_PAGED + query, { as: 'visitor' });
  });
  return pageOf(context, answer);
}

const firstPage = (context: CheckContext) => pageOfAuthor(context, '');
/** The cheapest books, more than a page may hold. */
const largestPage = (context: CheckContext) => pageOfAuthor(context, '&ordering=price&page_size=100000');
/** The books with the same title. */
const lastPage = (context: CheckContext) => pageOfAuthor(context, '&page_size=40&page=2');

function sortedIds(books: readonly { readonly id: number }[]): readonly number[] {
  return books.map(({ id }) => id).sort((a, b) => a - b);
}

export const checks: Checks = {
  'b4-lists-come-in-pages': async (context) => {
    const { expect } = context;
    const [first, last] = [await firstPage(context), await lastPage(context)];
    expect.ok(first.rows.length > 0, 'the first page has books');
    expect.same(
      first.rows.map((row) => row.title),
      PAGED_BOOKS.slice(0, first.rows.length).map(({ title }) => title),
      'the first page begins with the first title',
    );
    expect.same(
      idsOf(last.rows)
        .map(Number)
        .sort((a, b) => a - b),
      sortedIds(PAGED_BOOKS.slice(40)),
      'the second page of 40 books holds the other eleven',
    );
    for (const { body } of [first, last]) expect.equal(body.count, 51, 'count is the number of all books');
    expect.ok(
      typeof first.body.next === 'string' && first.body.previous === null,
      'the first page has a next and no previous one',
    );
    expect.ok(last.body.next === null && typeof last.body.previous === 'string', 'the last page has a previous and no next one');
  },

  'b4-page-size-is-capped': async (context) => {
    const { expect } = context;
    for (const [page, size, what] of [
      [await firstPage(context), 20, 'when it is left out'],
      [await largestPage(context), 50, 'at most'],
    ] as const) {
      expect.equal(page.rows.length, size, `size of a page ${what}`);
      expect.equal(page.body.count, 51, 'count is the number of all books');
      for (const row of page.rows) expect.equal(expect.object(row.author, 'author').id, PAGED, 'they are books of the author');
    }
  },

  'b4-filters-are-validated': async (context) => {
    const { database, http, expect } = context;
    const base = 1_240_000;
    const [red, blue] = [base, base + 1];
    // Below the range of prices, at its lower end, within it, at its upper end, above it; without a tag; of another author.
    const [below, lowest, middle, highest] = [base, base + 1, base + 2, base + 3];
    const [above, untagged, foreign] = [base + 4, base + 5, base + 6];
    const tagged = [
      [below, red],
      [lowest, red],
      [lowest, blue],
      [middle, blue],
      [highest, red],
      [above, red],
      [foreign, red],
    ];
    await insert(database, {
      catalog_author: [author(base), author(base + 1)],
      catalog_tag: [
        { id: red, slug: 'filter-red' },
        { id: blue, slug: 'filter-blue' },
      ],
      catalog_book: [
        ...[below, lowest, middle, highest, above].map((id, n) => book(id, base, { price: `${7 + n}.00` })),
        book(untagged, base, { price: '9.00' }),
        book(foreign, base + 1, { price: '9.00' }),
      ],
      catalog_book_tags: tagged.map(([book_id = 0, tag_id = 0], n) => ({ id: base + n, book_id, tag_id })),
      catalog_review: [1, 2].map((customer) => review(base + customer, lowest, customer, 4)),
    });
    const own = `${BOOKS}?author=${base}`;
    const query = '&tag=filter-red&tag=filter-blue&min_price=8.00&max_price=10&ordering=-price';
    const { rows, body } = pageOf(context, await http.get(own + query, { as: 'visitor' }));
    expect.same(
      idsOf(rows),
      [highest, middle, lowest],
      'books with any of the tags, each once, both prices inclusive, dearest first',
    );
    expect.equal(body.count, 3, 'a book with both tags is counted once');
    expect.equal(rows[2]?.review_count, 2, 'the tags do not multiply the reviews');
    for (const path of [
      `${BOOKS}?author=abc`,
      `${own}&min_price=cheap`,
      `${own}&max_price=NaN`,
      `${own}&ordering=purchase_price`,
    ]) {
      expect.status(await http.get(path, { as: 'visitor' }), 400, `"${path}" is refused`);
    }
  },

  'b4-order-of-equal-books-is-stable': async (context) => {
    const { expect } = context;
    const second = async (ordering: string) =>
      idsOf((await pageOfAuthor(context, `&ordering=${ordering}&page_size=5&page=2`)).rows);
    const what = 'equal books come by id, page by page, in an order by';
    const dear = sortedIds(PAGED_BOOKS.filter(({ price }) => price === '6.00'));
    const cheap = sortedIds(PAGED_BOOKS.filter(({ price }) => price === '5.00'));
    expect.same(idsOf((await lastPage(context)).rows), sortedIds(PAGED_BOOKS.slice(40)), `${what} title`);
    expect.same(await second('-published_on'), sortedIds(PAGED_BOOKS).slice(5, 10), `${what} -published_on`);
    expect.same(await second('-price'), [...dear, ...cheap].slice(5, 10), `${what} -price`);
    const largest = idsOf((await largestPage(context)).rows);
    expect.same(largest, [...cheap, ...dear].slice(0, largest.length), `${what} price`);
  },
};
