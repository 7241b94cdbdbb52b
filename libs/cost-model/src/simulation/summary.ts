import type { HiringModel } from '../project';
import { valuesAtRanks } from './order-statistics';

/** What a thousand draws say of one figure. */
export interface Distribution {
  readonly mean: number;
  readonly p10: Percentile;
  readonly p50: Percentile;
  readonly p90: Percentile;
  readonly histogram: Histogram;
}

/** A percentile with the 95% interval of its simulation error, which shrinks with the square root of the number of draws. */
export interface Percentile {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Counts in bins of equal width, the same bins for all models; draws outside are counted beside. */
export interface Histogram {
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
}

export interface Pair {
  readonly models: readonly [HiringModel, HiringModel];
  /** Share of draws in which the first one is cheaper; equal ones count half. */
  readonly firstCheaper: number;
  /** Standard error of that share; 0 only when nothing varies, since draws that all agree do not prove that none could differ. */
  readonly standardError: number;
}

const BINS = 40;
/** Tails that a chart does not show. */
const SHOWN_FROM = 0.01;
/** Normal quantile of 97.5%. */
const TWO_SIDED = 1.959963984540054;

/** Summarises figures that are drawn beside each other. */
export function summarise(figures: readonly Float64Array[]): Distribution[] {
  const percentiles = figures.map(percentilesOf);
  const from = Math.min(...percentiles.map(({ p1 }) => p1));
  const to = Math.max(...percentiles.map(({ p99 }) => p99));
  return figures.map((values, index) => {
    const { p10, p50, p90 } = percentiles[index] as Percentiles;
    return { mean: mean(values), p10, p50, p90, histogram: histogram(values, from, to) };
  });
}

interface Percentiles extends Pick<Distribution, 'p10' | 'p50' | 'p90'> {
  readonly p1: number;
  readonly p99: number;
}

function percentilesOf(values: Float64Array): Percentiles {
  const intervals = [intervalOf(0.1, values.length), intervalOf(0.5, values.length), intervalOf(0.9, values.length)] as const;
  const probabilities = [SHOWN_FROM, ...intervals.flat(), 1 - SHOWN_FROM];
  const [p1, ...others] = quantilesOf(values, probabilities);
  const percentile = (first: number): Percentile => ({
    value: others[first] as number,
    low: others[first + 1] as number,
    high: others[first + 2] as number,
  });
  return { p1: p1 as number, p10: percentile(0), p50: percentile(3), p90: percentile(6), p99: others[9] as number };
}

/** Linear between order statistics (type 7 of Hyndman and Fan 1996, the default of R and numpy). */
function quantilesOf(values: Float64Array, probabilities: readonly number[]): number[] {
  const places = probabilities.map((probability) => (values.length - 1) * probability);
  const ranks = [...new Set(places.flatMap((place) => [Math.floor(place), Math.ceil(place)]))].sort((a, b) => a - b);
  const found = new Map(valuesAtRanks(values, ranks).map((value, index) => [ranks[index], value]));
  return places.map((place) => {
    const [below, above] = [found.get(Math.floor(place)) as number, found.get(Math.ceil(place)) as number];
    return below + (place - Math.floor(place)) * (above - below);
  });
}

/** The interval is that of the binomial number of draws below the quantile. Source: Conover, Practical Nonparametric Statistics, 3.2. */
function intervalOf(probability: number, draws: number): [value: number, low: number, high: number] {
  const spread = (TWO_SIDED * Math.sqrt(probability * (1 - probability) * draws)) / draws;
  return [probability, Math.max(0, probability - spread), Math.min(1, probability + spread)];
}

/** Kept exact where all values are equal. */
function mean(values: Float64Array): number {
  const first = values[0] as number;
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index] as number) - first;
  return first + sum / values.length;
}

function histogram(values: Float64Array, from: number, to: number): Histogram {
  const width = (to - from) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  let [below, above] = [0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (value < from) below += 1;
    else if (value > to) above += 1;
    else {
      // The last bin has its upper end too. All values are one: a single bin of no width.
      const bin = width > 0 ? Math.min(Math.floor((value - from) / width), BINS - 1) : 0;
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  return { from, width, counts, below, above };
}

/** Share of the values that are above `bound`. */
export function shareAbove(values: Float64Array, bound: number): number {
  let above = 0;
  for (const value of values) if (value > bound) above += 1;
  return above / values.length;
}

/** P(A cheaper than B) for every pair, draw by draw. */
export function pairsOf(models: readonly { readonly model: HiringModel; readonly cost: Float64Array }[]): Pair[] {
  return models.flatMap((first, index) =>
    models.slice(index + 1).map((second): Pair => {
      const draws = first.cost.length;
      let twice = 0;
      for (let draw = 0; draw < draws; draw += 1) {
        const a = first.cost[draw] as number;
        const b = second.cost[draw] as number;
        twice += (a < b ? 1 : 0) + (a <= b ? 1 : 0);
      }
      const isCertain = isConstant(first.cost) && isConstant(second.cost);
      const standardError = isCertain ? 0 : errorOfShare(twice / 2, draws);
      return { models: [first.model, second.model], firstCheaper: twice / 2 / draws, standardError };
    }),
  );
}

/** P(first cheaper than second) of two models that are not the same, whichever way round their pair is kept. */
export function cheaperShare(pairs: readonly Pair[], first: HiringModel, second: HiringModel): number {
  const pair = pairs.find(({ models }) => models.includes(first) && models.includes(second)) as Pair;
  return pair.models[0] === first ? pair.firstCheaper : 1 - pair.firstCheaper;
}

/**
 * Standard error of a share of draws. Source: A. Agresti and B. A. Coull, "Approximate is better than exact for interval estimation of
 * binomial proportions", The American Statistician 52 (1998): of two more hits and two more misses, so that it is never 0.
 */
function errorOfShare(hits: number, draws: number): number {
  const share = (hits + 2) / (draws + 4);
  return Math.sqrt((share * (1 - share)) / (draws + 4));
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}
