const BUCKETS = 2048;

/**
 * The values of the given ranks (0 is the least), without sorting all: values are counted in buckets of equal width, and only buckets
 * that hold a rank are sorted.
 *
 * @param values are not moved; none is NaN
 * @param ranks ascending, each at least 0 and below the number of values
 */
export function valuesAtRanks(values: Float64Array, ranks: readonly number[]): number[] {
  const [least, most] = rangeOf(values);
  const scale = BUCKETS / (most - least);
  // All are equal, nearly so, or one is infinite.
  if (!(scale > 0 && scale < Number.MAX_VALUE)) return valuesOf(values.slice().sort(), ranks);
  const bucketOf = (value: number): number => Math.min(Math.floor((value - least) * scale), BUCKETS - 1);
  const counts = new Int32Array(BUCKETS);
  for (let index = 0; index < values.length; index += 1) {
    const bucket = bucketOf(values[index] as number);
    counts[bucket] = (counts[bucket] as number) + 1;
  }
  const { isWanted, size, places } = wantedBuckets(counts, ranks);
  const wanted = new Float64Array(size);
  let next = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (isWanted[bucketOf(value)] === 1) {
      wanted[next] = value;
      next += 1;
    }
  }
  return valuesOf(wanted.sort(), places);
}

/** The buckets that hold a rank, how many values these hold together, and the place of each rank among them. */
function wantedBuckets(
  counts: Int32Array,
  ranks: readonly number[],
): { isWanted: Uint8Array; size: number; places: readonly number[] } {
  const isWanted = new Uint8Array(BUCKETS);
  const places: number[] = [];
  let [before, skipped] = [0, 0];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const count = counts[bucket] as number;
    while (places.length < ranks.length && (ranks[places.length] as number) < before + count) {
      isWanted[bucket] = 1;
      places.push((ranks[places.length] as number) - skipped);
    }
    before += count;
    if (isWanted[bucket] === 0) skipped += count;
  }
  return { isWanted, size: before - skipped, places };
}

function rangeOf(values: Float64Array): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

function valuesOf(sorted: Float64Array, places: readonly number[]): number[] {
  return places.map((place) => sorted[place] as number);
}
