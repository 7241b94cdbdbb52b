import type { CheckContext, HttpAnswer } from '@assay/grader/check-api';
import { author, book, insert, type Json, line, numbers, order, type Row, review } from './rows';

export const REPORT = '/api/reports/author-revenue/';

/** An author with sales, one of them cancelled. */
export const SOLD = 1_100_001;
/** An author with several books, sales and reviews. */
export const REVIEWED_AND_SOLD = 1_110_001;
/** Authors with one sale and one review each, in both reports, and those in the second one only. */
export const FEW = numbers(1_120_000, 2);
export const MANY = numbers(1_121_000, 12);
/** Authors of edge data, in the order in which a report has to list them. */
export const EDGE = { best: 1_140_004, tieA: 1_140_003, tieB: 1_140_002, none: 1_140_001 };

/** The report as staff read it. */
export function firstReport({ shared }: CheckContext): Promise<HttpAnswer> {
  return shared('first-report', async ({ database, http }) => {
    await insert(database, {
      catalog_author: [author(SOLD), author(REVIEWED_AND_SOLD, 'Reviewed and Sold'), ...FEW.map((id) => author(id))],
      catalog_book: [
        book(SOLD, SOLD),
        ...['7.50', '20.00', '3.00'].map((price, n) => book(REVIEWED_AND_SOLD + n, REVIEWED_AND_SOLD, { price })),
        ...books(FEW),
      ],
      orders_order: [
        order(SOLD, { status: 'shipped' }),
        order(SOLD + 1, { status: 'cancelled' }),
        order(SOLD + 2, { status: 'placed' }),
        order(REVIEWED_AND_SOLD),
        order(REVIEWED_AND_SOLD + 1),
        ...FEW.map((id) => order(id)),
      ],
      orders_orderline: [
        line(SOLD, SOLD, SOLD, 2, '10.00'),
        line(SOLD + 1, SOLD + 1, SOLD, 5, '10.00'),
        line(SOLD + 2, SOLD + 2, SOLD, 1, '10.00'),
        line(REVIEWED_AND_SOLD, REVIEWED_AND_SOLD, REVIEWED_AND_SOLD, 3, '7.50'),
        line(REVIEWED_AND_SOLD + 1, REVIEWED_AND_SOLD, REVIEWED_AND_SOLD + 1, 1, '20.00'),
        line(REVIEWED_AND_SOLD + 2, REVIEWED_AND_SOLD + 1, REVIEWED_AND_SOLD, 2, '7.50'),
        ...lines(FEW),
      ],
      catalog_review: [
        review(REVIEWED_AND_SOLD, REVIEWED_AND_SOLD, 1, 5),
        review(REVIEWED_AND_SOLD + 1, REVIEWED_AND_SOLD, 2, 4),
        review(REVIEWED_AND_SOLD + 2, REVIEWED_AND_SOLD, 3, 5),
        review(REVIEWED_AND_SOLD + 3, REVIEWED_AND_SOLD + 1, 1, 2),
        review(REVIEWED_AND_SOLD + 4, REVIEWED_AND_SOLD + 2, 2, 3),
        ...reviews(FEW),
      ],
    });
    return http.get(REPORT, { as: 'sam' });
  });
}

/** The same request when there are more authors, and how many there are in all. */
export function secondReport({ shared }: CheckContext): Promise<{ readonly answer: HttpAnswer; readonly authors: unknown }> {
  return shared('second-report', async (context) => {
    await firstReport(context);
    const { database, http } = context;
    const { best, tieA, tieB, none } = EDGE;
    await insert(database, {
      catalog_author: [
        ...MANY.map((id) => author(id)),
        author(none, 'Zero Sales'),
        author(tieB, 'Tie, Berta'),
        author(tieA, 'Tie, Anton'),
        author(best, 'Best, Seller'),
      ],
      // Prices have changed since the books were sold.
      catalog_book: [
        ...books(MANY),
        book(none, best, { price: '1.00' }),
        book(none + 1, tieA, { price: '99.00' }),
        book(none + 2, tieB, { price: '5.00' }),
      ],
      orders_order: [...MANY.map((id) => order(id)), order(none), order(none + 1, { status: 'cancelled' })],
      orders_orderline: [
        ...lines(MANY),
        line(none, none, none, 2, '123456.78'),
        line(none + 1, none, none + 1, 3, '0.10'),
        line(none + 2, none, none + 2, 1, '0.30'),
        line(none + 3, none + 1, none + 2, 9, '99.00'),
      ],
      catalog_review: reviews(MANY),
    });
    const answer = await http.get(REPORT, { as: 'sam' });
    const [counted] = await database.query('SELECT count(*) AS authors FROM catalog_author');
    return { answer, authors: counted?.authors };
  });
}

function books(ids: readonly number[]): readonly Row[] {
  return ids.map((id) => book(id, id, { price: '4.00' }));
}

function lines(ids: readonly number[]): readonly Row[] {
  return ids.map((id) => line(id, id, id, 2, '4.00'));
}

function reviews(ids: readonly number[]): readonly Row[] {
  return ids.map((id) => review(id, id, 1, 4));
}

/** All rows of a report, and those of the given authors, in the order in which they came. */
export function reportRows({ expect }: CheckContext, answer: HttpAnswer, authors: readonly number[]) {
  expect.status(answer, 200, 'staff read the report');
  const rows = expect.array(answer.json(), 'the report is an array').map((row) => expect.object(row, 'a row is an object'));
  const idOf = (row: Json) => expect.object(row.author, 'a row names its author').id;
  const own = rows.filter((row) => authors.some((id) => id === idOf(row)));
  return { rows, own, ids: own.map(idOf) };
}
