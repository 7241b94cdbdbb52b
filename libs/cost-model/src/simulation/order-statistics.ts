/** Parts below this length are sorted, which the engine does faster than we divide them. */
const SORTED_BELOW = 512;

/**
 * Moves the values of the given ranks (0 is the least) to where they would be if all were sorted. Much less work than sorting when few
 * ranks are asked for. Source: C. A. R. Hoare, "Algorithm 65: Find", CACM 4 (1961), for several ranks at once.
 *
 * @param values reordered in place; none is NaN
 * @param ranks ascending
 */
export function placeRanks(values: Float64Array, ranks: readonly number[]): void {
  place(values, 0, values.length - 1, ranks);
}

function place(values: Float64Array, first: number, last: number, ranks: readonly number[]): void {
  let [from, to, left] = [first, last, ranks];
  while (left.length > 0 && to - from >= SORTED_BELOW) {
    const [lowEnd, highBegin] = divide(values, from, to);
    place(
      values,
      from,
      lowEnd,
      left.filter((rank) => rank <= lowEnd),
    );
    // What lies between the two parts equals the pivot and is in its place.
    left = left.filter((rank) => rank >= highBegin);
    from = highBegin;
  }
  if (left.length > 0) values.subarray(from, to + 1).sort();
}

/** Hoare's partition: `from..lowEnd` is not above, `highBegin..to` not below the pivot; both are shorter than the whole. */
function divide(values: Float64Array, from: number, to: number): [lowEnd: number, highBegin: number] {
  const pivot = medianOfThree(values[from] as number, values[(from + to) >>> 1] as number, values[to] as number);
  let [low, high] = [from, to];
  while (low <= high) {
    while ((values[low] as number) < pivot) low += 1;
    while ((values[high] as number) > pivot) high -= 1;
    if (low > high) break;
    const moved = values[low] as number;
    values[low] = values[high] as number;
    values[high] = moved;
    low += 1;
    high -= 1;
  }
  return [high, low];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
