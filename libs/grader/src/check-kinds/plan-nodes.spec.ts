import { columnsIn, readPlan } from './plan-nodes';

describe('a plan', () => {
  it('is read from what EXPLAIN says, without values', () => {
    const tree = readPlan([
      {
        Plan: {
          'Node Type': 'Index Scan',
          'Scan Direction': 'Backward',
          'Relation Name': 'book',
          Schema: 'public',
          'Index Name': 'by_title',
          'Index Cond': "((book.title)::text = 'Dune'::text)",
        },
      },
    ]);
    expect(tree.nodes).toEqual([
      {
        type: 'Index Scan Backward',
        depth: 0,
        schema: 'public',
        table: 'book',
        index: 'by_title',
        details: ['Index Cond: ((book.title)::text = ?::text)'],
      },
    ]);
  });

  it.each([[null], ['text'], [[]], [[{ Plan: 7 }]], [[{ Plan: { Plans: 'x' } }]], [{ Plan: {} }]])(
    'that is none has no rows of a table: %j',
    (answer) => expect(readPlan(answer).nodes.filter(({ table }) => table !== null)).toEqual([]),
  );

  it.each([
    [['Filter: ((book.customer)::text = ?::text)'], ['customer']],
    [['Filter: ((book.price > ?::numeric) AND (book.paid IS NULL))'], ['paid', 'price']],
    [['Filter: (book.paid = true)'], ['paid']],
    [['Filter: (upper(("Book"."Title")::text) = ?::text)', 'Sort Key: book.id'], ['Title']],
    [['Output: book.id'], []],
  ])('names the columns of its conditions: %j', (details, columns) => expect(columnsIn(details)).toEqual(columns));
});
