import { betaProbability, logGamma, normalQuantile } from './simulation/special-functions';

/** From, to. */
export type Interval = readonly [number, number];

/** Half of what a 95% interval leaves out. */
const TAIL = 0.025;
/** Normal quantile of 97.5%. */
const TWO_SIDED = 1.959963984540054;

/**
 * 95% interval of a proportion. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 * The whole range when nothing was seen.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const z2 = TWO_SIDED ** 2;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (TWO_SIDED / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  // At 0 and at all of them the bound is exact; the subtraction would leave a trace.
  return [successes === 0 ? 0 : centre - half, successes === trials ? 1 : centre + half];
}

/** P(at least `least` of `trials` happen) when each happens with `probability`, 0 < probability < 1. */
export function binomialAtLeast(least: number, trials: number, probability: number): number {
  if (least <= 0) return 1;
  // P(B >= k) = I_p(k, n - k + 1). Source: Abramowitz and Stegun 26.5.24.
  return least > trials ? 0 : betaProbability(probability, least, trials - least + 1);
}

/** Mean of at least one value. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Median of at least one value; of an even number, the middle between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

/**
 * Interval of the median that holds for any distribution: from the k-th smallest to the k-th largest value, with the largest k that
 * leaves at most 5% out. Null below six values, whose whole range leaves out more. Source: W. J. Conover, Practical Nonparametric
 * Statistics, 3rd ed., section 3.2.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const sorted = ascending(values);
  const count = sorted.length;
  let rank = 0;
  while (rank < count / 2 && 1 - binomialAtLeast(rank + 1, count, 0.5) <= TAIL) rank += 1;
  return rank === 0 ? null : [sorted[rank - 1] as number, sorted[count - rank] as number];
}

/** Standard deviation of a sample of at least two, with n - 1. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** 95% interval of the mean of normal values. Null below two values. Source: "Student", Biometrika 6 (1908). */
export function meanInterval(values: readonly number[]): Interval | null {
  if (values.length < 2) return null;
  const half = (studentQuantile(1 - TAIL, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return [mean(values) - half, mean(values) + half];
}

/** 95% interval of the standard deviation of normal values. Null below two values. Source: R. A. Fisher (1925); from chi-square. */
export function deviationInterval(values: readonly number[]): Interval | null {
  if (values.length < 2) return null;
  const freedom = values.length - 1;
  const squares = freedom * standardDeviation(values) ** 2;
  const chiSquare = (probability: number): number => 2 * gammaQuantile(probability, freedom / 2);
  return [Math.sqrt(squares / chiSquare(1 - TAIL)), Math.sqrt(squares / chiSquare(TAIL))];
}

/**
 * 95% interval of mean(a) - mean(b) for two normal samples whose deviations may differ. Null when one has fewer than two values.
 * Source: B. L. Welch, Biometrika 34 (1947).
 */
export function differenceInterval(a: readonly number[], b: readonly number[]): Interval | null {
  if (a.length < 2 || b.length < 2) return null;
  const [partA, partB] = [a, b].map((values) => standardDeviation(values) ** 2 / values.length) as [number, number];
  const difference = mean(a) - mean(b);
  const error2 = partA + partB;
  if (error2 === 0) return [difference, difference];
  const freedom = error2 ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  const half = studentQuantile(1 - TAIL, freedom) * Math.sqrt(error2);
  return [difference - half, difference + half];
}

/**
 * 95% interval of events per unit of exposure, exact. Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28
 * (1936).
 */
export function eventRateInterval(events: number, exposure: number): Interval {
  const low = events === 0 ? 0 : gammaQuantile(TAIL, events);
  return [low / exposure, gammaQuantile(1 - TAIL, events + 1) / exposure];
}

/**
 * By how much the deviation of n values must be widened for the band from P10 to P90 of a normal distribution to hold 80% of further
 * values, mean and deviation being known from the n values only: sqrt(1 + 1/n) t(0.9, n - 1) / z(0.9). 1.31 for five, 1.10 for twelve.
 * Source: G. J. Hahn and W. Q. Meeker, Statistical Intervals (1991), section 4.7.
 */
export function predictionFactor(count: number): number {
  return (Math.sqrt(1 + 1 / count) * studentQuantile(0.9, count - 1)) / normalQuantile(0.9);
}

/** Student's t for 0.5 < probability < 1 and any freedom above 0. */
export function studentQuantile(probability: number, freedom: number): number {
  const reached = (t: number): number => 1 - betaProbability(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return bisect((t) => reached(t) < probability);
}

/** The x at which a gamma distribution of this shape and scale 1 has probability `p` below it. */
function gammaQuantile(probability: number, shape: number): number {
  return bisect((x) => gammaProbability(x, shape) < probability);
}

/** Regularised lower incomplete gamma function, by its series. Source: Abramowitz and Stegun 6.5.29. */
function gammaProbability(x: number, shape: number): number {
  let term = Math.exp(shape * Math.log(x) - x - logGamma(shape + 1));
  // Too far from the bulk for a double.
  if (term === 0) return x > shape ? 1 : 0;
  let sum = term;
  for (let step = 1; term > sum * 1e-17; step += 1) {
    term *= x / (shape + step);
    sum += term;
  }
  return sum;
}

/** The point above 0 up to which `isBelow` holds. */
function bisect(isBelow: (x: number) => boolean): number {
  let [low, high] = [0, 1];
  while (isBelow(high)) [low, high] = [high, 2 * high];
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return high;
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
