import type { Assumption } from './assumption';
import { amountsOf } from './assumption-provenance';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';

/** What formulas see of an assumption, and where it comes from. */
export type StatedFigure = ReturnType<typeof amountsOf> &
  Pick<Assumption, 'reading' | 'enabled' | 'evidence' | 'source' | 'retrieved'>;

export function statedFigure(assumption: Assumption): StatedFigure {
  const { reading, enabled, evidence, source, retrieved } = assumption;
  return { ...amountsOf(assumption), reading, enabled, evidence, source, retrieved };
}

/** Whether two figures calculate alike; who stands behind them moves no total. */
export function sameFigure(one: StatedFigure, other: StatedFigure): boolean {
  return (['value', 'low', 'mode', 'high', 'reading', 'enabled'] as const).every((part) => one[part] === other[part]);
}

/** Where a figure of a set stands beside the model's default of today. */
export const SET_ORIGINS = ['default', 'earlier_default', 'later_default', 'changed'] as const;

/**
 * `default`: as the model has it. `earlier_default`: as the model had it when the version was made; today's differs. `later_default`: the
 * model learned it after the version was made. `changed`: by a person.
 */
export type SetOrigin = (typeof SET_ORIGINS)[number];

export interface AssumptionInSet {
  readonly assumption: Assumption;
  readonly origin: SetOrigin;
  /** The model's default of today; null for what the model no longer knows. */
  readonly today: Assumption | null;
}

/**
 * What a stored version means today: its own copy of every assumption it knew, which no later release changes, and the defaults of those
 * that the model learned since. In the model's order.
 */
export function completeVersion(
  stored: readonly Assumption[],
  defaults: readonly Assumption[] = DEFAULT_ASSUMPTIONS,
): AssumptionInSet[] {
  const kept = new Map(stored.map((assumption) => [assumption.id, assumption]));
  const known = new Set(defaults.map(({ id }) => id));
  return [
    ...defaults.map((today): AssumptionInSet => {
      const assumption = kept.get(today.id);
      if (assumption === undefined) return { assumption: today, origin: 'later_default', today };
      return { assumption, origin: originOf(assumption, today), today };
    }),
    ...stored
      .filter(({ id }) => !known.has(id))
      .map((assumption): AssumptionInSet => ({ assumption, origin: originOf(assumption, null), today: null })),
  ];
}

function originOf(assumption: Assumption, today: Assumption | null): SetOrigin {
  if (assumption.overriddenBy !== null) return 'changed';
  return today !== null && sameFigure(statedFigure(assumption), statedFigure(today)) ? 'default' : 'earlier_default';
}
