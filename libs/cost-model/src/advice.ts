import { InputProblems, shown } from './input-error';
import type { HiringModel } from './project';

/** What a hiring manager says of the need, beside its size. */
export interface Situation {
  /** Whether what is to be built is settled: endpoints, a feature, a bug list. */
  readonly isWellDefined: boolean;
  /** Whether it is the product that the organisation lives on. */
  readonly isCoreProduct: boolean;
  /** Whether the architecture stays with somebody of the organisation. */
  readonly keepsArchitect: boolean;
  /** Months from now until somebody must have started, null when that is open. */
  readonly startWithinMonths: number | null;
}

export interface Advice {
  /** Stable name of the rule. */
  readonly rule: string;
  readonly kind: 'fits' | 'warning' | 'undecided';
  readonly models: readonly HiringModel[];
  readonly text: string;
  readonly source: string;
}

/** Reads a situation from untrusted JSON; what is left out is false, or open. @throws EstimateInputError naming each field at fault */
export function parseSituation(input: unknown): Situation {
  const problems = new InputProblems();
  const fields = problems.record('situation', input, ['isWellDefined', 'isCoreProduct', 'keepsArchitect', 'startWithinMonths']);
  const flag = (name: 'isWellDefined' | 'isCoreProduct' | 'keepsArchitect'): boolean => {
    const value = fields[name] ?? false;
    if (typeof value !== 'boolean') problems.add(`situation.${name}`, `must be true or false; got ${shown(value)}.`);
    return value === true;
  };
  const within = fields.startWithinMonths ?? null;
  const situation = {
    isWellDefined: flag('isWellDefined'),
    isCoreProduct: flag('isCoreProduct'),
    keepsArchitect: flag('keepsArchitect'),
    startWithinMonths: within === null ? null : problems.number('situation.startWithinMonths', within, 'non_negative'),
  };
  problems.throwIfAny();
  return situation;
}
