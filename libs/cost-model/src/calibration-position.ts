import type { Histogram } from './simulation/summary';

/** What an estimate said of one figure before it was known. */
export interface ForetoldDistribution {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly histogram: Histogram;
}

/**
 * Where in the foretold distribution an actual fell, 0..1: the share of draws below it (the probability integral transform). Straight
 * lines between the histogram's edges and the three percentiles, so that it is below 0.1 exactly where the actual is below P10. In a
 * tail that the histogram only counts, the middle of that tail.
 */
export function positionOf(actual: number, { p10, p50, p90, histogram }: ForetoldDistribution): number {
  const percentiles = [
    { value: p10, share: 0.1 },
    { value: p50, share: 0.5 },
    { value: p90, share: 0.9 },
  ];
  const knots = [...histogramKnots(histogram).map((knot) => between(percentiles, knot)), ...percentiles].sort(
    (a, b) => a.value - b.value || a.share - b.share,
  );
  const after = knots.findIndex(({ value }) => value >= actual);
  const [first, last] = [knots[0] as Knot, knots[knots.length - 1] as Knot];
  if (after === -1) return (last.share + 1) / 2;
  const next = knots[after] as Knot;
  if (next.value === actual) {
    // Several draws may share one value: the middle of what they take.
    const same = knots.filter(({ value }) => value === actual);
    return (next.share + (same[same.length - 1] as Knot).share) / 2;
  }
  if (after === 0) return first.share / 2;
  const before = knots[after - 1] as Knot;
  return before.share + ((next.share - before.share) * (actual - before.value)) / (next.value - before.value);
}

interface Knot {
  readonly value: number;
  readonly share: number;
}

/** Percentiles lie between draws and are rounded: by less than a draw an edge may seem to stand on the wrong side of one. */
function between(percentiles: readonly Knot[], { value, share }: Knot): Knot {
  const least = Math.max(0, ...percentiles.filter((each) => each.value <= value).map((each) => each.share));
  const most = Math.min(1, ...percentiles.filter((each) => each.value >= value).map((each) => each.share));
  return { value, share: Math.min(Math.max(share, least), Math.max(least, most)) };
}

/** The histogram as a distribution function at the edges of its bins; none when all draws are one value. */
function histogramKnots({ from, width, counts, below, above }: Histogram): Knot[] {
  if (width <= 0) return [];
  const draws = counts.reduce((sum, count) => sum + count, below + above);
  let reached = below;
  const knots = [{ value: from, share: below / draws }];
  counts.forEach((count, bin) => {
    reached += count;
    knots.push({ value: from + (bin + 1) * width, share: reached / draws });
  });
  return knots;
}

/** How many positions fall into each tenth of 0..1; of right distributions each tenth gets about as many. */
export function tenthsOf(positions: readonly number[]): number[] {
  const tenths = new Array<number>(10).fill(0);
  for (const position of positions) {
    const tenth = Math.min(9, Math.floor(position * 10));
    tenths[tenth] = (tenths[tenth] as number) + 1;
  }
  return tenths;
}
