import { lognormal, pert, poissonQuantile, triangular } from './distributions';
import { randomStream, xoshiro128 } from './random';
import { betaProbability, betaQuantile, logGamma, normalQuantile } from './special-functions';

test('xoshiro128** gives the words of its authors', () => {
  // Source: rand_xoshiro, test of xoshiro128starstar.rs, made with the reference implementation.
  const numbers = new Float64Array(4);
  const fill = xoshiro128(1, 2, 3, 4);
  fill(numbers, 3);
  fill(numbers.subarray(3), 1);
  expect([...numbers].map((number) => number * 2 ** 32 - 0.5)).toEqual([11520, 0, 5927040, 70819200]);
});

test('streams of different names are different and uniform', () => {
  const [a, b] = [randomStream(1, 'a'), randomStream(1, 'b')];
  const [first, second] = [Array.from({ length: 20_000 }, a), Array.from({ length: 20_000 }, b)];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(first)).toBeCloseTo(0.5, 1.9);
  const products = first.map((value, index) => (value - 0.5) * ((second[index] ?? 0) - 0.5));
  // Twelve times the covariance is the correlation of two uniforms; its standard error is 0.007.
  expect(Math.abs(12 * mean(products))).toBeLessThan(0.03);
  expect(Math.min(...first)).toBeGreaterThan(0);
  expect(Math.max(...first)).toBeLessThan(1);
});

test('special functions have their tabulated values', () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  expect(logGamma(10)).toBeCloseTo(Math.log(362_880), 12);
  // Abramowitz and Stegun, table 26.1 and R: qnorm.
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  // Beta(2, 3): I_x = 6x^2 - 8x^3 + 3x^4.
  expect(betaProbability(0.4, 2, 3)).toBeCloseTo(6 * 0.16 - 8 * 0.064 + 3 * 0.0256, 14);
  expect(betaProbability(0.9, 2, 3)).toBeCloseTo(6 * 0.81 - 8 * 0.729 + 3 * 0.6561, 14);
  // Beta(1, b) has the closed quantile 1 - (1 - p)^(1/b).
  for (const p of [1e-6, 0.1, 0.5, 0.9, 0.999]) expect(betaQuantile(p, 1, 5)).toBeCloseTo(1 - (1 - p) ** (1 / 5), 13);
  for (const p of [0.001, 0.25, 0.5, 0.99]) expect(betaProbability(betaQuantile(p, 3.4, 2.6), 3.4, 2.6)).toBeCloseTo(p, 13);
});

test('PERT has its range and the mean (low + 4 mode + high) / 6', () => {
  const quantile = pert(45, 60, 95);
  expect([quantile(0), quantile(1 - 1e-16)]).toEqual([45, expect.closeTo(95, 0)]);
  const mean = Array.from({ length: 100_000 }, (_, index) => quantile((index + 0.5) / 100_000)).reduce((a, b) => a + b) / 100_000;
  expect(mean).toBeCloseTo((45 + 4 * 60 + 95) / 6, 3);
  expect(pert(45, 70, 95)(0.5)).toBeCloseTo(70, 12);
  const exact = (p: number) => 45 + 50 * betaQuantile(p, 1 + (4 * 15) / 50, 1 + (4 * 35) / 50);
  for (const p of [0.0101, 0.1003, 0.5001, 0.8999, 0.9899]) expect(Math.abs(quantile(p) - exact(p))).toBeLessThan(50 * 3e-6);
});

test('triangular, lognormal and Poisson have their known quantiles', () => {
  expect(triangular(0, 1, 2)(0.5)).toBeCloseTo(1, 15);
  expect(triangular(0, 1, 2)(0.125)).toBeCloseTo(0.5, 15);
  expect(triangular(2, 2, 6)(0.75)).toBeCloseTo(4, 15);
  expect(lognormal(0.2155, 0.4113)(0.5)).toBeCloseTo(Math.exp(0.2155), 14);
  // R: qpois(c(0.1, 0.5, 0.9, 0.999), 0.66); qpois(0.9, 40); qpois(0.5, 1000)
  expect([0.1, 0.5, 0.9, 0.999].map((p) => poissonQuantile(p, 0.66))).toEqual([0, 0, 2, 4]);
  expect(poissonQuantile(0.9, 40)).toBe(48);
  expect(poissonQuantile(0.5, 1000)).toBe(1000);
  expect(poissonQuantile(0.99, 0)).toBe(0);
});

test('without a range there is nothing to draw', () => {
  expect([pert(5, 5, 5)(0.3), triangular(5, 5, 5)(0.3), lognormal(0, 0)(0.3)]).toEqual([5, 5, 1]);
});
