/** Edits after which two texts have nothing to do with each other any more. */
const MAX_EDITS = 600;

/**
 * Which lines of `after` are not in `before`, by the shortest list of edits (Myers, "An O(ND) Difference Algorithm", 1986). Of texts that
 * differ in more than 600 places, lines count as the same when they stand anywhere in the other text, as often as there.
 */
export function differingLines(before: readonly string[], after: readonly string[]): boolean[] {
  let first = 0;
  while (first < before.length && first < after.length && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < before.length - first && last < after.length - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  const changed = after.map(() => false);
  const middle = [before.slice(first, before.length - last), after.slice(first, after.length - last)] as const;
  const inserted = shortestEdit(...middle) ?? notAnywhere(...middle);
  for (const index of inserted) changed[first + index] = true;
  return changed;
}

/** Indexes in `after` of the lines that are put in; null when it takes too many edits. */
function shortestEdit(before: readonly string[], after: readonly string[]): number[] | null {
  const offset = MAX_EDITS + 1;
  const furthest = new Int32Array(2 * offset + 1);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= Math.min(MAX_EDITS, before.length + after.length); edits += 1) {
    history.push(furthest.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const left = furthest[offset + diagonal - 1] ?? 0;
      const right = furthest[offset + diagonal + 1] ?? 0;
      let x = diagonal === -edits || (diagonal !== edits && left < right) ? right : left + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      furthest[offset + diagonal] = x;
      if (x >= before.length && x - diagonal >= after.length) return insertedOn(history, before.length, after.length);
    }
  }
  return null;
}

/** Goes back from the end along the path that was found. */
function insertedOn(history: readonly Int32Array[], beforeLength: number, afterLength: number): number[] {
  const inserted: number[] = [];
  let [x, y] = [beforeLength, afterLength];
  for (let edits = history.length - 1; edits > 0; edits -= 1) {
    const row = history[edits] ?? new Int32Array();
    const at = (diagonal: number): number => row[diagonal + edits + 1] ?? 0;
    const diagonal = x - y;
    const isInsertion = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const previous = isInsertion ? diagonal + 1 : diagonal - 1;
    x = at(previous);
    y = x - previous;
    if (isInsertion) inserted.push(y);
  }
  return inserted;
}

function notAnywhere(before: readonly string[], after: readonly string[]): number[] {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  return [...after.keys()].filter((index) => {
    const line = after[index] ?? '';
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
