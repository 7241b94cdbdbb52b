import type { CostCurve, CostSegment } from './cost-curve';
import { MOST_DOLLARS, MOST_HOURS, MOST_MONTHS } from './limits';
import type { HiringModel } from './project';

/** Project size at which two models cost the same. */
export interface BreakEven {
  readonly models: readonly [HiringModel, HiringModel];
  /** Project hours, null for "never". */
  readonly hours: number | null;
  /** How long the whole team works on them; null for "never". */
  readonly months: number | null;
  /** What both cost there, USD, unrounded; null for "never". */
  readonly cost: number | null;
  /** The cheaper model for smaller projects; null when both always cost the same. */
  readonly cheaperBelow: HiringModel | null;
  /** The cheaper model for larger projects, up to the next crossing; the same one as `cheaperBelow` when they never break even. */
  readonly cheaperAbove: HiringModel | null;
  /** Where they cost the same again: only with a hybrid that ramps in over time. */
  readonly further: readonly Crossing[];
}

export interface Crossing {
  readonly hours: number;
  readonly months: number;
  /** USD, unrounded. */
  readonly cost: number;
  /** The cheaper model for larger projects, up to the next crossing. */
  readonly cheaperAbove: HiringModel;
}

export interface ModelCurve {
  readonly model: HiringModel;
  /** In the project's own hours. */
  readonly curve: CostCurve;
}

/**
 * Where one model becomes cheaper than the other. On a segment on which both are lines, that is H* = (F2 - F1) / (k1 - k2). Where they
 * only touch, neither becomes cheaper. Source: docs/COST-MODEL.md, "Break-even".
 *
 * @param teamMonths how long the whole team works on a number of hours
 */
export function breakEven(a: ModelCurve, b: ModelCurve, teamMonths: (hours: number) => number): BreakEven {
  const models = [a.model, b.model] as const;
  const cheaper = (sign: number): HiringModel => (sign < 0 ? a.model : b.model);
  const { first, changes } = signChanges(a.curve, b.curve);
  const cheaperBelow = first === 0 ? null : cheaper(first);
  const crossings = changes.map(({ hours, sign }): Crossing => {
    return { hours, months: teamMonths(hours), cost: costAt(a.curve, hours), cheaperAbove: cheaper(sign) };
  });
  const [nearest, ...further] = crossings.filter(isWithinLimits);
  if (nearest === undefined) {
    return { models, hours: null, months: null, cost: null, cheaperBelow, cheaperAbove: cheaperBelow, further: [] };
  }
  return { models, ...nearest, cheaperBelow, further };
}

/** Months and cost grow with the hours, so that the crossings within are the first ones. */
function isWithinLimits({ months, cost }: Crossing): boolean {
  return months <= MOST_MONTHS && cost <= MOST_DOLLARS;
}

interface SignChange {
  readonly hours: number;
  /** Of what the first model costs more than the second, from there on. */
  readonly sign: number;
}

/** Between two nodes, and after the last one, the difference of two costs is a line. */
interface Node extends CostSegment {
  /** Of the difference at `from`; the last one's node has none. */
  readonly sign: number;
}

/** How the difference of two costs changes its sign from 0 hours on; `first` is the sign that it begins with, 0 when it has none. */
function signChanges(a: CostCurve, b: CostCurve): { first: number; changes: SignChange[] } {
  const changes: SignChange[] = [];
  let [first, sign] = [0, 0];
  let equalFrom: number | null = null;
  let before: Node | null = null;
  for (const node of nodesOf(a, b)) {
    if (node.sign === 0) equalFrom ??= node.from;
    else {
      const isChange = sign !== 0 && node.sign !== sign && before !== null;
      const hours = isChange ? (equalFrom ?? rootBetween(before as Node, node)) : null;
      if (sign === 0 || hours === 0) first = node.sign;
      else if (hours !== null && hours <= MOST_HOURS) changes.push({ hours, sign: node.sign });
      sign = node.sign;
      equalFrom = null;
    }
    before = node;
  }
  return { first, changes };
}

function rootBetween(before: Node, { from }: Node): number {
  return Math.min(Math.max(-before.fixed / before.perHour, before.from), from);
}

/** Where either cost changes its line, and the end of all hours. */
function nodesOf(a: CostCurve, b: CostCurve): Node[] {
  const starts = [...new Set([...a, ...b].map(({ from }) => from))].sort((one, other) => one - other);
  const nodes = starts.map((from): Node => {
    const [one, other] = [segmentAt(a, from), segmentAt(b, from)];
    const line = { fixed: one.fixed - other.fixed, perHour: one.perHour - other.perHour };
    return { from, ...line, sign: Math.sign(line.fixed + line.perHour * from) };
  });
  const last = nodes.at(-1) as Node;
  return [...nodes, { ...last, from: Number.POSITIVE_INFINITY, sign: Math.sign(last.perHour) || Math.sign(last.fixed) }];
}

function segmentAt(curve: CostCurve, hours: number): CostSegment {
  return curve.findLast(({ from }) => from <= hours) as CostSegment;
}

function costAt(curve: CostCurve, hours: number): number {
  const { fixed, perHour } = segmentAt(curve, hours);
  return fixed + perHour * hours;
}
