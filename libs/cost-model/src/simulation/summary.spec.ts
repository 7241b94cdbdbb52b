import { pairsOf, summarise } from './summary';

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

test('draws that all agree leave an error, figures that do not vary leave none', () => {
  const low = Float64Array.from({ length: 1000 }, (_, index) => index);
  const high = low.map((value) => value + 5000);
  const constant = new Float64Array(1000).fill(7);
  const [always, half, , certain] = pairsOf([
    { model: 'freelance', cost: low },
    { model: 'in_house', cost: high },
    { model: 'hybrid', cost: low.map((value) => 999 - value) },
  ]).concat(
    pairsOf([
      { model: 'freelance', cost: constant },
      { model: 'in_house', cost: constant },
    ]),
  );
  expect(always).toMatchObject({
    firstCheaper: 1,
    standardError: expect.closeTo(Math.sqrt(((1002 / 1004) * (2 / 1004)) / 1004), 12),
  });
  expect(half).toMatchObject({ firstCheaper: 0.5, standardError: expect.closeTo(0.5 / Math.sqrt(1004), 12) });
  expect(certain).toMatchObject({ firstCheaper: 0.5, standardError: 0 });
});
