import type { Checks } from '@assay/grader/check-api';
import { EDGE, FEW, firstReport, MANY, REPORT, REVIEWED_AND_SOLD, reportRows, SOLD, secondReport } from './support/reports';
import { author, book, insert, line, order, review } from './support/rows';

export const checks: Checks = {
  'a2-report-counts-what-was-sold': async (context) => {
    const { own } = reportRows(context, await firstReport(context), [SOLD]);
    const { orders, units, revenue } = own[0] ?? {};
    context.expect.equal(own.length, 1, 'an author who sold stands in the report once');
    context.expect.same(
      { orders, units, revenue },
      { orders: 2, units: 3, revenue: '30.00' },
      'cancelled orders do not count, all others do',
    );
  },

  'a2-report-joins-multiply-nothing': async (context) => {
    const { own } = reportRows(context, await firstReport(context), [REVIEWED_AND_SOLD]);
    context.expect.same(
      own,
      [
        {
          author: { id: REVIEWED_AND_SOLD, name: 'Reviewed and Sold' },
          orders: 2,
          units: 6,
          revenue: '57.50',
          review_count: 5,
          average_rating: '3.80',
        },
      ],
      'two orders with three lines, three books with five reviews: each counts once',
    );
  },

  'a2-report-statements-do-not-grow': async (context) => {
    const { expect, measure } = context;
    const first = await firstReport(context);
    const before = reportRows(context, first, FEW);
    expect.equal(before.own.length, FEW.length, 'all authors stand in the report');
    const second = (await secondReport(context)).answer;
    const after = reportRows(context, second, [...FEW, ...MANY]);
    expect.equal(after.own.length, FEW.length + MANY.length, 'authors who were added stand in the report');
    for (const row of after.own) expect.equal(row.revenue, '8.00', 'each of them sold two copies');
    // Of what few authors take no more than 15 count, so that nothing is gained by statements for nothing.
    const most = Math.max(first.statementCount, second.statementCount);
    const slope = (most - Math.min(first.statementCount, 15)) / MANY.length;
    expect.ok(measure('statementsPerAuthor', slope) <= 0.02, 'the number of statements does not depend on the number of authors');
  },

  'a2-report-days-are-inclusive': async (context) => {
    const { database, expect, http } = context;
    const [sold, unsold] = [1_130_001, 1_130_002];
    const moments = ['2024-01-31T23:59:59Z', '2024-02-01T00:00:00Z', '2024-02-29T23:59:59.5Z', '2024-03-01T00:00:00Z'];
    await insert(database, {
      catalog_author: [author(sold, 'February'), author(unsold, 'Never')],
      catalog_book: [book(sold, sold), book(unsold, unsold)],
      orders_order: moments.map((created_at, n) => order(sold + n, { created_at })),
      orders_orderline: moments.map((_, n) => line(sold + n, sold + n, sold, 10 ** n, '1.00')),
      catalog_review: [review(sold, unsold, 1, 2, { created_at: '2023-05-06T07:08:09Z' })],
    });
    const unitsWith = async (query: string) => {
      const { own } = reportRows(context, await http.get(`${REPORT}${query}`, { as: 'sam' }), [sold, unsold]);
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
    const { expect } = context;
    const { best, tieA, tieB, none } = EDGE;
    const { answer, authors } = await secondReport(context);
    const { own, ids, rows } = reportRows(context, answer, [best, tieA, tieB, none]);
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
    expect.equal(rows.length, authors, 'every author stands in the report once');
  },
};
