import fc from 'fast-check';
import {
  binomialAtLeast,
  deviationInterval,
  differenceInterval,
  eventRateInterval,
  mean,
  meanInterval,
  median,
  medianInterval,
  predictionFactor,
  standardDeviation,
  studentQuantile,
  wilsonInterval,
} from './calibration-statistics';

// Numbers of this file that are not from a publication were calculated with scipy 1.17.1, by the call named beside them.
const A = [0.1, 0.35, -0.05, 0.6, 0.22, 0.48];
const B = [0.02, -0.1, 0.2, 0.05];

function expectInterval(interval: readonly [number, number] | null, low: number, high: number): void {
  expect(interval?.[0]).toBeCloseTo(low, 12);
  expect(interval?.[1]).toBeCloseTo(high, 12);
}

test('Wilson intervals are those of the published example', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 15 of 148, method 3.
  const rounded = (interval: readonly [number, number]) => interval.map((bound) => Number(bound.toFixed(4)));
  expect(rounded(wilsonInterval(81, 263))).toEqual([0.2553, 0.3662]);
  expect(rounded(wilsonInterval(15, 148))).toEqual([0.0624, 0.1605]);
  expect(rounded(wilsonInterval(0, 20))).toEqual([0, 0.1611]);
  expect(wilsonInterval(20, 20)[1]).toBe(1);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test("Student's quantiles", () => {
  // stats.t.ppf(p, freedom)
  expect(studentQuantile(0.975, 4)).toBeCloseTo(2.7764451051977934, 11);
  expect(studentQuantile(0.9, 4)).toBeCloseTo(1.533206274058944, 11);
  expect(studentQuantile(0.975, 1)).toBeCloseTo(12.706204736174694, 9);
  expect(studentQuantile(0.975, 7.3)).toBeCloseTo(2.345066736547703, 11);
});

test('tails of the binomial distribution', () => {
  // stats.binom.sf(least - 1, trials, p)
  expect(binomialAtLeast(4, 10, 0.1)).toBeCloseTo(0.0127951984, 12);
  expect(binomialAtLeast(1, 10, 0.1)).toBeCloseTo(0.6513215599, 12);
  expect(binomialAtLeast(12, 12, 0.5)).toBeCloseTo(0.000244140625, 15);
  expect(binomialAtLeast(0, 12, 0.5)).toBe(1);
  expect(binomialAtLeast(13, 12, 0.5)).toBe(0);
});

test('mean, median and deviation', () => {
  expect(mean(A)).toBeCloseTo(0.2833333333333333, 15);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  // numpy.std(A, ddof=1)
  expect(standardDeviation(A)).toBeCloseTo(0.2417160869008653, 14);
});

test('intervals of mean, deviation and difference', () => {
  // stats.t.interval(0.95, 5, mean, stats.sem(A))
  expectInterval(meanInterval(A), 0.02966785700337038, 0.5369988096632963);
  // sqrt(5 s^2 / stats.chi2.ppf([0.975, 0.025], 5))
  expectInterval(deviationInterval(A), 0.15088111571824772, 0.592836255990218);
  // stats.ttest_ind(A, B, equal_var=False).confidence_interval(0.95)
  expectInterval(differenceInterval(A, B), -0.029306979349526446, 0.5109736460161931);
  expect(differenceInterval([1, 1], [0.5, 0.5, 0.5])).toEqual([0.5, 0.5]);
  for (const none of [meanInterval([1]), deviationInterval([1]), differenceInterval([1], B), differenceInterval(A, [])]) {
    expect(none).toBeNull();
  }
});

test('event rates', () => {
  // stats.chi2.ppf(0.025, 2 k) / 2 / exposure, stats.chi2.ppf(0.975, 2 k + 2) / 2 / exposure
  expectInterval(eventRateInterval(0, 10), 0, 0.3688879454113935);
  expectInterval(eventRateInterval(3, 12.5), 0.04949376983164811, 0.7013818455793859);
  expectInterval(eventRateInterval(40, 100), 0.28576586441788965, 0.5446864696398407);
  expectInterval(eventRateInterval(1500, 1000), 1.4250424682598963, 1.577877047118903);
});

test.each([
  // stats.quantile_test(range(1, n + 1), p=0.5).confidence_interval(0.95)
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [12, 3, 10],
  [20, 6, 15],
  [35, 12, 24],
])('the median of %d values lies between the %d. and the %d.', (count, low, high) => {
  const values = Array.from({ length: count }, (_, index) => count - index);
  expect(medianInterval(values)).toEqual([low, high]);
});

test('five values are too few for an interval of the median', () => {
  expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
  expect(medianInterval([])).toBeNull();
});

test('prediction from few values widens', () => {
  // sqrt(1 + 1/n) * stats.t.ppf(0.9, n - 1) / stats.norm.ppf(0.9)
  expect(predictionFactor(5)).toBeCloseTo(1.3105546186175772, 11);
  expect(predictionFactor(12)).toBeCloseTo(1.1073321635944273, 11);
  expect(predictionFactor(100)).toBeCloseTo(1.0117393924841884, 11);
});

test('intervals hold what they are of, and shrink as the same values repeat', () => {
  const values = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(values, (sample) => {
      const spread = (interval: readonly [number, number] | null) =>
        (interval as [number, number])[1] - (interval as [number, number])[0];
      const [low, high] = medianInterval(sample) as [number, number];
      expect(low).toBeLessThanOrEqual(median(sample));
      expect(high).toBeGreaterThanOrEqual(median(sample));
      expect(spread(meanInterval([...sample, ...sample]))).toBeLessThanOrEqual(spread(meanInterval(sample)) + 1e-9);
    }),
  );
});
