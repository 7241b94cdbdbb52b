import { type StatedFigure, sameFigure } from './assumption-set';
import type { AssumptionChange } from './assumption-set-changes';

/** A figure that moved between two versions of a set. */
export interface MovedFigure extends AssumptionChange {
  /** The version that moved it last; its author and its reason stand behind the figure. */
  readonly version: number;
}

/**
 * What moved over several versions: from how each figure stood before the first of them to how it stands after the last. What moved and
 * came back is left out.
 *
 * @param versions one after the other, oldest first, each with what it changes against the one before
 */
export function movedFigures(
  versions: readonly { readonly version: number; readonly changes: readonly AssumptionChange[] }[],
): MovedFigure[] {
  const first = new Map<string, StatedFigure | null>();
  const last = new Map<string, MovedFigure>();
  for (const { version, changes } of versions) {
    for (const change of changes) {
      if (!first.has(change.id)) first.set(change.id, change.before);
      last.set(change.id, { ...change, version, before: first.get(change.id) ?? null });
    }
  }
  return [...last.values()].filter(({ before, after }) => before === null || !sameFigure(before, after));
}
