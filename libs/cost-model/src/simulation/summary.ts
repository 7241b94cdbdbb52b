import type { HiringModel } from '../project';
import { placeRanks } from './order-statistics';

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
  /** Standard error of that share. */
  readonly standardError: number;
}

const REPORTED = [0.1, 0.5, 0.9] as const;
const BINS = 40;
/** Tails that a chart does not show. */
const SHOWN_FROM = 0.01;
/** Normal quantile of 97.5%. */
const TWO_SIDED = 1.959963984540054;

/** Summarises figures that are drawn beside each other. */
export function summarise(figures: readonly Float64Array[]): Distribution[] {
  const ordered = figures.map(withRanksPlaced);
  const from = Math.min(...ordered.map((values) => percentile(values, SHOWN_FROM)));
  const to = Math.max(...ordered.map((values) => percentile(values, 1 - SHOWN_FROM)));
  return figures.map((values, index) => {
    const [p10, p50, p90] = REPORTED.map((probability) => withError(ordered[index] as Float64Array, probability));
    return {
      mean: mean(values),
      p10: p10 as Percentile,
      p50: p50 as Percentile,
      p90: p90 as Percentile,
      histogram: histogram(values, from, to),
    };
  });
}

/** A copy in which the values that {@link percentile} reads below are where sorting would put them. */
function withRanksPlaced(values: Float64Array): Float64Array {
  const probabilities = [SHOWN_FROM, ...REPORTED.flatMap((each) => [each, ...intervalOf(each, values.length)]), 1 - SHOWN_FROM];
  const ranks = probabilities.flatMap((each) => ranksOf(values.length, each));
  const copy = values.slice();
  placeRanks(
    copy,
    [...new Set(ranks)].sort((a, b) => a - b),
  );
  return copy;
}

/** Linear between order statistics (type 7 of Hyndman and Fan 1996, the default of R and numpy). */
function percentile(ordered: Float64Array, probability: number): number {
  const [below, above] = ranksOf(ordered.length, probability);
  const share = (ordered.length - 1) * probability - below;
  return (ordered[below] as number) + share * ((ordered[above] as number) - (ordered[below] as number));
}

function ranksOf(length: number, probability: number): [below: number, above: number] {
  const place = (length - 1) * probability;
  return [Math.floor(place), Math.ceil(place)];
}

function withError(ordered: Float64Array, probability: number): Percentile {
  const [low, high] = intervalOf(probability, ordered.length);
  return { value: percentile(ordered, probability), low: percentile(ordered, low), high: percentile(ordered, high) };
}

/** The interval is that of the binomial number of draws below the quantile. Source: Conover, Practical Nonparametric Statistics, 3.2. */
function intervalOf(probability: number, draws: number): [low: number, high: number] {
  const spread = (TWO_SIDED * Math.sqrt(probability * (1 - probability) * draws)) / draws;
  return [Math.max(0, probability - spread), Math.min(1, probability + spread)];
}

/** Kept exact where all values are equal. */
function mean(values: Float64Array): number {
  const first = values[0] as number;
  let sum = 0;
  for (const value of values) sum += value - first;
  return first + sum / values.length;
}

function histogram(values: Float64Array, from: number, to: number): Histogram {
  const width = (to - from) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  let [below, above] = [0, 0];
  for (const value of values) {
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

/** P(A cheaper than B) for every pair, draw by draw. */
export function pairsOf(models: readonly { readonly model: HiringModel; readonly cost: Float64Array }[]): Pair[] {
  return models.flatMap((first, index) =>
    models.slice(index + 1).map((second): Pair => {
      let twice = 0;
      for (let draw = 0; draw < first.cost.length; draw += 1) {
        const a = first.cost[draw] as number;
        const b = second.cost[draw] as number;
        twice += a < b ? 2 : a === b ? 1 : 0;
      }
      const firstCheaper = twice / 2 / first.cost.length;
      return {
        models: [first.model, second.model],
        firstCheaper,
        standardError: Math.sqrt((firstCheaper * (1 - firstCheaper)) / first.cost.length),
      };
    }),
  );
}
