import type { Allowed } from './input-error';

/**
 * Where a figure comes from; vendors' own marketing figures are the weakest and never used unless a person switches them on. `own`: a
 * person's amounts stand in place of the published ones.
 */
export const EVIDENCES = ['vendor', 'rate_guide', 'official', 'placeholder', 'own'] as const;
export type Evidence = (typeof EVIDENCES)[number];

/** The amounts that a person's own took the place of, with what was said of them and where they came from. */
export interface ReplacedFigure {
  readonly claim: string;
  /** Of a single figure. */
  readonly value?: number;
  /** Of a range, as are `mode` and `high`. */
  readonly low?: number;
  readonly mode?: number;
  readonly high?: number;
  readonly evidence: Evidence;
  readonly source: string;
  readonly retrieved: string;
}

/**
 * A figure that the model uses or shows, with where it comes from. An estimate keeps a copy of every one it used, so it can be
 * explained and repeated after the defaults have changed.
 */
export type Assumption = PointAssumption | RangeAssumption;

export interface PointAssumption extends AssumptionFacts {
  readonly value: number;
}

/** `low <= mode <= high`; juniors are costed at `low`, mid-levels at `mode`, seniors at `high`. */
export interface RangeAssumption extends AssumptionFacts {
  readonly low: number;
  readonly mode: number;
  readonly high: number;
}

interface AssumptionFacts {
  readonly id: string;
  /** What the figure says, in words. */
  readonly claim: string;
  readonly unit: string;
  readonly allowed: Allowed;
  /** `input`: formulas need it. `claim`: used only when enabled. `display`: shown beside an estimate, never calculated with. */
  readonly role: 'input' | 'claim' | 'display';
  /** The hiring models, or `all`. */
  readonly appliesTo: string;
  /** What the figure is measured against, null when it is not a comparison. */
  readonly baseline: string | null;
  /** How the figure is read, one of `readings`. */
  readonly reading: string;
  readonly readings: readonly string[];
  readonly evidence: Evidence;
  readonly source: string;
  /** Day the figure was taken from its source, `YYYY-MM-DD`; of an own figure, the day it was given. */
  readonly retrieved: string;
  /** Only where `evidence` is `own`. */
  readonly replaces?: ReplacedFigure;
  readonly enabled: boolean;
  /** Who last changed the amounts, the reading or whether it is enabled, and why; null for a default. */
  readonly overriddenBy: string | null;
  readonly overrideReason: string | null;
}

/** Readings of a range: which of its three figures the point estimate takes. */
export const RANGE_READINGS = ['low', 'mode', 'high'] as const;

export function isRange(assumption: Assumption): assumption is RangeAssumption {
  return 'mode' in assumption;
}

/** The figure that a point estimate takes: the value, or the range's figure at its reading. */
export function pointOf(assumption: Assumption): number {
  if (!isRange(assumption)) return assumption.value;
  if (assumption.reading === 'low') return assumption.low;
  return assumption.reading === 'high' ? assumption.high : assumption.mode;
}

/** Assumptions by id, remembering which ones were used so that an estimate can keep a copy of exactly those. */
export class AssumptionSet {
  private readonly byId: ReadonlyMap<string, Assumption>;
  private readonly usedIds = new Set<string>();

  constructor(private readonly all: readonly Assumption[]) {
    this.byId = new Map(all.map((assumption) => [assumption.id, assumption]));
  }

  /** @throws RangeError when the set has no such assumption, which is a programming error */
  use(id: string): Assumption {
    this.usedIds.add(id);
    return this.look(id);
  }

  /** As `use`, for showing a figure without calculating with it. */
  look(id: string): Assumption {
    const assumption = this.byId.get(id);
    if (assumption === undefined) throw new RangeError(`No assumption "${id}".`);
    return assumption;
  }

  point(id: string): number {
    return pointOf(this.use(id));
  }

  /** The claim when a person switched it on, else null. */
  enabledClaim(id: string): Assumption | null {
    return this.look(id).enabled ? this.use(id) : null;
  }

  /** Copies of the used assumptions, in the set's order. */
  used(): Assumption[] {
    return this.all.filter(({ id }) => this.usedIds.has(id)).map((assumption) => ({ ...assumption }));
  }
}
