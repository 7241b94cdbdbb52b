import type { Checks } from '@assay/grader/check-api';
import { BOOKS, REVIEWED_BY_TWO, shownBook, writtenReviews } from './support/catalogue';
import { OWN, ordersOfAlice } from './support/ordering';
import { accepts, author, book, insert, line, order, review } from './support/rows';

export const checks: Checks = {
  'd1-one-review-per-customer': async (context) => {
    const { database, expect, http } = context;
    const other = REVIEWED_BY_TWO + 1;
    await insert(database, { catalog_author: [author(other)], catalog_book: [book(other, other)] });
    const { alice, bob } = await writtenReviews(context);
    expect.status(alice, 201, 'a first review is accepted');
    expect.equal(expect.object(alice.json(), 'the review').by, 'alice', 'the review names who wrote it');
    expect.status(bob, 201, 'another customer may review the book');
    const second = await http.post(`${BOOKS}${REVIEWED_BY_TWO}/reviews/`, { as: 'alice', body: { rating: 1, text: 'Changed.' } });
    expect.status(second, 400, 'a second review of the same book by the same customer is refused');
    const written = await database.query(
      'SELECT customer_id, rating, text FROM catalog_review WHERE book_id = $1 ORDER BY customer_id',
      [REVIEWED_BY_TWO],
    );
    const expected = [
      { customer_id: 1, rating: 4, text: 'Of alice.' },
      { customer_id: 2, rating: 2, text: 'Of bob.' },
    ];
    expect.same(written, expected, 'the two that were accepted are stored');
    expect.ok(
      await accepts(database, 'catalog_review', review(other, other, 1, 3)),
      'the database takes a review of another book by the same customer',
    );
    expect.ok(
      !(await accepts(database, 'catalog_review', review(other + 1, other, 1, 5))),
      'the database itself refuses a second review of the same book by the same customer',
    );
  },

  'd1-impossible-rows-refused': async (context) => {
    const { database, expect } = context;
    const id = 1_160_001;
    await insert(database, { catalog_author: [author(id)], catalog_book: [book(id, id)], orders_order: [order(id)] });
    const ratings = [review(id, id, 1, 1), review(id + 1, id, 2, 5)];
    for (const row of ratings) {
      expect.ok(await accepts(database, 'catalog_review', row), `the database takes a rating of ${row.rating}`);
    }
    expect.ok(await accepts(database, 'orders_orderline', line(id, id, id, 1, '6.00')), 'the database takes one copy');
    for (const rating of [0, 6]) {
      const taken = await accepts(database, 'catalog_review', review(id + 2, id, 3, rating));
      expect.ok(!taken, `the database refuses a rating of ${rating}`);
    }
    const taken = await accepts(database, 'orders_orderline', line(id + 1, id, id, 0, '6.00'));
    expect.ok(!taken, 'the database refuses a line of no copies');
    const shown = expect.object((await shownBook(context)).json(), 'the book');
    expect.equal(shown.review_count, 2, 'the API shows how many reviews the database took');
    expect.equal(shown.average_rating, '3.50', 'and their average');
  },

  'd1-order-list-served-by-index': async (context) => {
    const { database, expect, measure } = context;
    await database.load('old-orders.sql');
    const [plan = {}] = await database.query(
      `EXPLAIN (FORMAT JSON, COSTS OFF) SELECT id, customer_id, status, created_at, total FROM orders_order
       WHERE customer_id = 1170007 ORDER BY created_at DESC, id DESC LIMIT 20`,
    );
    const text = JSON.stringify(plan);
    const nodes = [...text.matchAll(/"Node Type":\s*"([^"]+)"/g)].map((match) => match[1] ?? '');
    measure('planNodes', nodes.length);
    expect.ok(
      nodes.some((node) => /^Index (Only )?Scan/.test(node)) && /"Index Cond":\s*"[^"]*customer_id/.test(text),
      `a customer's newest orders are found in an index by the customer, the plan is ${nodes.join(' > ')}`,
    );
    expect.ok(!nodes.includes('Sort'), `and need no sorting of all their orders, the plan is ${nodes.join(' > ')}`);
    const { few } = await ordersOfAlice(context);
    expect.status(few, 200, 'the list of orders answers');
    expect.ok(few.text.includes(`"id":${OWN},`), 'and shows an order that was just written');
  },
};
