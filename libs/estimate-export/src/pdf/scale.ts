/** A linear axis with round ticks. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Decimals that the ticks need. */
  readonly places: number;
  /** Points from the left or upper end for a value. */
  at(value: number): number;
}

/**
 * A scale from `low` to `high`, both on it, over `length` points; round numbers of 1, 2 or 5 times a power of ten as ticks, about
 * `count` of them. A range of no width gets some.
 */
export function linearScale(low: number, high: number, length: number, count: number): Scale {
  const span = high > low ? high - low : Math.max(Math.abs(high), 1);
  const [from, to] = high > low ? [low, high] : [low - span / 2, low + span / 2];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to * (1 + 1e-12); index += 1) ticks.push(index * step);
  return {
    ticks,
    places: Math.max(0, -Math.floor(Math.log10(step))),
    at: (value) => ((value - from) / (to - from)) * length,
  };
}

const UNITS = [
  [1e12, 'T'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const;

/** Short labels of ticks in one unit: `0`, `200k`, `400k`. */
export function shortLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs), 0);
  const [unit, name] = UNITS.find(([size]) => largest >= size) ?? [1, ''];
  return ticks.map((tick) => (tick === 0 ? '0' : `${Number((tick / unit).toPrecision(4))}${name}`));
}
