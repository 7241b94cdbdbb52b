import { summarise } from './summary';

test('a histogram shows what lies between P1 and P99, and counts the rest beside', () => {
  const [found] = summarise([Float64Array.from({ length: 1001 }, (_, index) => index)]);
  const { from, width, counts, below, above } = found?.histogram ?? { from: 0, width: 0, counts: [] };
  expect([from, from + 40 * width]).toEqual([10, expect.closeTo(990, 9)]);
  expect([below, above]).toEqual([10, 10]);
  // 981 whole numbers from 10 to 990 in 40 bins of 24.5; the last one has both of its ends.
  expect(counts.every((count) => count === 24 || count === 25)).toBe(true);
  expect(counts.reduce((sum, count) => sum + count)).toBe(981);
});

test('figures share their bins, so that a narrow one fills one of a wide one', () => {
  const wide = Float64Array.from({ length: 1001 }, (_, index) => index);
  const narrow = wide.map((value) => 500 + value / 100);
  const [first, second] = summarise([wide, narrow]);
  expect(second?.histogram).toMatchObject({ from: first?.histogram.from, width: first?.histogram.width, below: 0, above: 0 });
  expect(second?.histogram.counts.filter((count) => count > 0)).toEqual([1001]);
});
