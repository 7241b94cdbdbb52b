import { InputProblems, shown } from './input-error';

/** What Django has built in and a Flask project adds by libraries or by hand. Source: facts of the vendor's guide, docs/COST-MODEL.md. */
export const BUILT_IN_GROUPS = [
  'authentication',
  'admin',
  'orm_and_migrations',
  'forms',
  'security_protections',
  'routing_and_middleware',
] as const;
export type BuiltInGroup = (typeof BUILT_IN_GROUPS)[number];

/** What speaks for a framework of which every part is chosen by hand. */
export const FLASK_FLAGS = ['microservice', 'lightweight_api', 'prototype', 'ml_serving'] as const;
export type FlaskFlag = (typeof FLASK_FLAGS)[number];

export interface FrameworkNeed {
  readonly needs: readonly BuiltInGroup[];
  readonly flags: readonly FlaskFlag[];
}

export interface FrameworkFit {
  /** `review`: the rule does not say, a person must look. */
  readonly fit: 'django' | 'django_with_flask_service' | 'flask' | 'review';
  /** n: how many of the six built-in groups are needed. */
  readonly builtInFeatures: number;
  /** What was asked for, in the order of {@link BUILT_IN_GROUPS} and {@link FLASK_FLAGS}. */
  readonly needs: readonly BuiltInGroup[];
  readonly flags: readonly FlaskFlag[];
  readonly reason: string;
  /**
   * What claim C9 would make of one hour with Django when the same is built with Flask: 1 / (1 - 0.31 n / 6). A vendor's figure, shown
   * and not calculated with unless a person switches the claim on.
   */
  readonly flaskHoursByClaim: number;
}

/**
 * n >= 3: Django (with a Flask service beside it when flagged). n = 2: Django, or review when flagged. n <= 1: Flask when flagged, else
 * review. Source: docs/COST-MODEL.md.
 *
 * @param claimedSaving claim C9, a share from 0 to below 1
 */
export function frameworkFit({ needs, flags }: FrameworkNeed, claimedSaving: number): FrameworkFit {
  const n = new Set(needs).size;
  const isFlagged = flags.length > 0;
  return {
    ...decide(n, isFlagged),
    builtInFeatures: n,
    needs: BUILT_IN_GROUPS.filter((group) => needs.includes(group)),
    flags: FLASK_FLAGS.filter((flag) => flags.includes(flag)),
    flaskHoursByClaim: 1 / (1 - (claimedSaving * n) / BUILT_IN_GROUPS.length),
  };
}

function decide(n: number, isFlagged: boolean): Pick<FrameworkFit, 'fit' | 'reason'> {
  if (n >= 3 && isFlagged) {
    return {
      fit: 'django_with_flask_service',
      reason: `${n} of 6 built-in groups are needed, and a part of it stands alone: Django, with a Flask service for that part.`,
    };
  }
  if (n >= 3)
    return { fit: 'django', reason: `${n} of 6 built-in groups are needed, which a Flask project would add one by one.` };
  if (n === 2 && !isFlagged)
    return { fit: 'django', reason: '2 of 6 built-in groups are needed, and nothing speaks for a smaller framework.' };
  if (n === 2)
    return {
      fit: 'review',
      reason: '2 of 6 built-in groups are needed, and it is a kind of service that Flask fits: weigh them.',
    };
  if (isFlagged)
    return {
      fit: 'flask',
      reason: `${n} of 6 built-in groups ${n === 1 ? 'is' : 'are'} needed, and it is a kind of service that Flask fits.`,
    };
  return { fit: 'review', reason: `${n} of 6 built-in groups ${n === 1 ? 'is' : 'are'} needed: too little to say by this rule.` };
}

/** Reads a need from untrusted JSON, `{needs: [...], flags?: [...]}`. @throws EstimateInputError naming each field at fault */
export function parseFrameworkNeed(input: unknown): FrameworkNeed {
  const problems = new InputProblems();
  const fields = problems.record('framework', input, ['needs', 'flags']);
  const read = <Name extends string>(path: string, value: unknown, known: readonly Name[]): Name[] => {
    if (!Array.isArray(value)) {
      problems.add(path, `must be a list of ${known.join(', ')}; got ${shown(value)}.`);
      return [];
    }
    for (const [index, item] of value.entries()) {
      if (!known.some((name) => name === item))
        problems.add(`${path}.${index}`, `is not known: ${shown(item)}; use ${known.join(', ')}.`);
    }
    return known.filter((name) => value.includes(name));
  };
  const need = {
    needs: read('framework.needs', fields.needs, BUILT_IN_GROUPS),
    flags: read('framework.flags', fields.flags ?? [], FLASK_FLAGS),
  };
  problems.throwIfAny();
  return need;
}
