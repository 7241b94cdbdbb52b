/** What of a check decides when it runs. */
export interface OrderedCheck {
  readonly id: string;
  /** Checks that must have passed before this one means anything. */
  readonly needs?: readonly string[];
}

/** What is wrong with the `needs` of a pack's checks, in words for its author: a need that is no check, or checks that wait for each other. */
export function needsProblems(checks: readonly OrderedCheck[]): string[] {
  const known = new Map(checks.map((check) => [check.id, check]));
  const unknown = checks.flatMap(({ id, needs = [] }) =>
    needs.filter((need) => !known.has(need)).map((need) => `the check "${id}" needs "${need}", which is no check`),
  );
  if (unknown.length > 0) return unknown;
  const waiting = new Set(checks.map(({ id }) => id));
  for (const { id } of inOrderOfNeeds(checks)) waiting.delete(id);
  // Who only waits for a circle is not named: the circle is what must be opened.
  const circle = [...waiting].filter((id) => reaches(known, id, id));
  return circle.length > 0 ? [`these checks need each other: ${circle.map((id) => `"${id}"`).join(', ')}`] : [];
}

/** The checks in the order in which they stand, each moved behind those of them that it needs. Circles are left out. */
export function inOrderOfNeeds<Check extends OrderedCheck>(checks: readonly Check[]): Check[] {
  const ordered: Check[] = [];
  const waiting = new Set(checks.map(({ id }) => id));
  for (let left = [...checks]; left.length > 0; ) {
    const next = left.find(({ needs = [] }) => needs.every((need) => !waiting.has(need)));
    if (!next) break;
    ordered.push(next);
    waiting.delete(next.id);
    left = left.filter((check) => check !== next);
  }
  return ordered;
}

function reaches(known: ReadonlyMap<string, OrderedCheck>, from: string, target: string): boolean {
  const seen = new Set<string>();
  const open = [...(known.get(from)?.needs ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === target) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(known.get(id)?.needs ?? []));
  }
  return false;
}
