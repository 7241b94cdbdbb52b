import type { CheckContext, HttpAnswer } from '@assay/grader/check-api';
import { author, book, insert, numbers, review, UNKNOWN } from './rows';

export const BOOKS = '/api/books/';
export const SHOWN = 1_400_000;

/**
 * How the project shows a book with one of every relation, which was just written: no answer from memory can know it. What is said of a
 * project counts only when it shows this book.
 */
export function shownBook({ shared }: CheckContext): Promise<HttpAnswer> {
  return shared('shown-book', async ({ database, http, expect }) => {
    await insert(database, {
      catalog_author: [author(SHOWN)],
      catalog_publisher: [{ id: SHOWN, name: 'Shown Press' }],
      catalog_tag: [
        { id: SHOWN, slug: 'shown-a' },
        { id: SHOWN + 1, slug: 'shown-b' },
      ],
      catalog_book: [book(SHOWN, SHOWN, { publisher_id: SHOWN, price: '5.00' })],
      catalog_book_tags: [
        { id: SHOWN, book_id: SHOWN, tag_id: SHOWN },
        { id: SHOWN + 1, book_id: SHOWN, tag_id: SHOWN + 1 },
      ],
      catalog_review: [review(SHOWN, SHOWN, 1, 3), review(SHOWN + 1, SHOWN, 2, 4)],
    });
    const answer = await http.get(`${BOOKS}${SHOWN}/`, { as: 'visitor' });
    expect.status(answer, 200, 'a book is shown');
    expect.equal(expect.object(answer.json(), 'the book').title, `Title ${SHOWN}`, 'it is the right one');
    return answer;
  });
}

/** The answer to a request for a book that does not exist. */
export function missingBook({ shared }: CheckContext): Promise<HttpAnswer> {
  return shared('missing-book', async ({ http, expect }) => {
    const answer = await http.get(`${BOOKS}${UNKNOWN}/`, { as: 'visitor' });
    expect.status(answer, 404, 'a book that does not exist');
    return answer;
  });
}

export const REVIEWED_BY_TWO = 1_150_001;

/** The answers to alice and to bob, who each write a review of the same book. */
export function writtenReviews({ shared }: CheckContext): Promise<{ readonly alice: HttpAnswer; readonly bob: HttpAnswer }> {
  return shared('written-reviews', async ({ database, http }) => {
    await insert(database, { catalog_author: [author(REVIEWED_BY_TWO)], catalog_book: [book(REVIEWED_BY_TWO, REVIEWED_BY_TWO)] });
    const write = (as: string, rating: number) =>
      http.post(`${BOOKS}${REVIEWED_BY_TWO}/reviews/`, { as, body: { rating, text: `Of ${as}.` } });
    return { alice: await write('alice', 4), bob: await write('bob', 2) };
  });
}

export interface BookLists {
  /** Five books with all relations, as `fifty-books.sql` writes them. */
  readonly few: HttpAnswer;
  /** Fifty such books of another author; their titles and those of the five have changed before. */
  readonly many: HttpAnswer;
  /** The same request as `few`, answered later: the five, {@link REVIEWED}, and {@link BULK}. */
  readonly again: HttpAnswer;
}

/** Three books of the first author with 5, 1 and no reviews, and twelve with five each. */
export const REVIEWED = 1_210_000;
export const BULK = numbers(REVIEWED + 10, 12);
/** Added to the titles of `fifty-books.sql` before `many` and `again` are asked for. */
export const EDITION = ', second edition';

/** The list of books, asked for with few and many books, and again when there is something new to show. */
export function bookLists({ shared }: CheckContext): Promise<BookLists> {
  return shared('book-lists', async ({ database, http }) => {
    const list = (id: number) => http.get(`${BOOKS}?author=${id}&page_size=50`, { as: 'visitor' });
    await database.load('fifty-books.sql');
    const few = await list(900_001);
    await database.query('UPDATE catalog_book SET title = title || $1::text WHERE author_id IN (900001, 900002)', [EDITION]);
    const many = await list(900_002);
    await database.load('latest-reviews.sql');
    return { few, many, again: await list(900_001) };
  });
}
