import { type CostLine, costLine, costParts, type ModelParameters } from './formulas';
import { type Stage, stageAt } from './ramp-in';

/** The cost of projects from `from` hours on, up to the next segment. */
export interface CostSegment extends CostLine {
  /** Project hours. */
  readonly from: number;
}

/** Cost in the project's hours: segments in the order of `from`, the first from 0. They meet where they change. */
export type CostCurve = readonly CostSegment[];

/**
 * The cost of a model for projects of any size, in engineer-hours. It is one line, but for a hybrid that ramps in over time: there the
 * architect's share of the paid months changes with each join, and with it what an hour costs. Source: docs/COST-MODEL.md, "Break-even".
 */
export function costCurve(parameters: ModelParameters): CostCurve {
  const { stages, architectCost } = parameters;
  if (stages === null || architectCost === null) return [{ from: 0, ...costLine(parameters) }];
  const { hoursPerMonth, rework } = parameters;
  const hoursPerSeatMonth = hoursPerMonth / (1 + rework);
  return segmentsOf(parameters, stages, architectCost).map(({ from, cost }) => ({
    from: from * hoursPerSeatMonth,
    fixed: cost.fixed,
    perHour: cost.slope / hoursPerSeatMonth,
  }));
}

/** `fixed + slope u`, with u = H (1 + w) / h: the seat-months that the project itself takes. */
interface Affine {
  readonly fixed: number;
  readonly slope: number;
}

/**
 * Walks through u: exits change their slope where u passes a join, labour where the whole work does.
 */
function segmentsOf(p: ModelParameters, stages: readonly Stage[], architectCost: number): { from: number; cost: Affine }[] {
  const { l, perHire, managementCost } = costParts(p);
  const segments: { from: number; cost: Affine }[] = [];
  let from = 0;
  let before = stageAt(stages, 0);
  let after = stageAt(stages, workAt(p, exitsIn(p, stages[before] as Stage), l).fixed);
  for (;;) {
    const exits = exitsIn(p, stages[before] as Stage);
    const work = workAt(p, exits, l);
    const months = monthsIn(stages[after] as Stage, work);
    const supplied = suppliedIn(stages[after] as Stage, months);
    const cost = (part: keyof Affine, once: number): number =>
      p.hoursPerMonth * (p.engineerCost * supplied[part] + architectCost * months[part] + managementCost * work[part]) +
      (once + exits[part]) * perHire;
    const fixed = cost('fixed', p.seats) + p.seats * p.equipment + p.bench + p.severance;
    segments.push({ from, cost: { fixed, slope: cost('slope', 0) } });
    const nextBefore = stages[before + 1]?.capacityBefore ?? Number.POSITIVE_INFINITY;
    const nextAfter = ((stages[after + 1]?.capacityBefore ?? Number.POSITIVE_INFINITY) - work.fixed) / work.slope;
    const next = Math.min(nextBefore, nextAfter);
    if (!Number.isFinite(next)) return segments;
    if (next === nextBefore) before += 1;
    if (next === nextAfter) after += 1;
    from = Math.max(from, next);
  }
}

/** X = a S0 / 12, with S0 the supplied seat-months until the team has delivered u. */
function exitsIn({ annualExits }: ModelParameters, stage: Stage): Affine {
  const { fixed, slope } = suppliedIn(stage, monthsIn(stage, { fixed: 0, slope: 1 }));
  return { fixed: (annualExits * fixed) / 12, slope: (annualExits * slope) / 12 };
}

/** W / h, in seat-months. */
function workAt({ workFactor, seats, hoursPerMonth }: ModelParameters, exits: Affine, l: number): Affine {
  const perJoiner = l / hoursPerMonth;
  return { fixed: workFactor * (seats + exits.fixed) * perJoiner, slope: workFactor * (1 + exits.slope * perJoiner) };
}

/** Months until a number of seat-months is delivered, when that happens in this stage. */
function monthsIn({ from, capacity, capacityBefore }: Stage, seatMonths: Affine): Affine {
  return { fixed: from + (seatMonths.fixed - capacityBefore) / capacity, slope: seatMonths.slope / capacity };
}

function suppliedIn({ from, seats, seatsBefore }: Stage, months: Affine): Affine {
  return { fixed: seatsBefore + seats * (months.fixed - from), slope: seats * months.slope };
}
