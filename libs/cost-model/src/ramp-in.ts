import { EstimateInputError } from './input-error';
import type { Join, Project } from './project';

/** A team between one join and the next. Stages follow one another from month 0, the first start; the last one has no end. */
export interface Stage {
  /** Months after the first start. */
  readonly from: number;
  /** Nx of those who are there: seats supplied from outside or hired. */
  readonly seats: number;
  /** Ne of those who are there; 0 only for an architect who delivers nothing and waits for the others. */
  readonly capacity: number;
  /** Seat-months of capacity until `from`. */
  readonly capacityBefore: number;
  /** Seat-months supplied until `from`. */
  readonly seatsBefore: number;
}

/** A share of an architect below this delivers nothing within any project. */
const LEAST_CAPACITY = 1e-9;

/**
 * The stages of a team that ramps in over time, or null when all seats start together.
 *
 * @param architectShare phi, when the first seat is an architect's who is not supplied and delivers this share; else null
 * @throws EstimateInputError when the joins do not bring the project's seats
 */
export function stagesOf({ joins, seats }: Project, architectShare: number | null): readonly Stage[] | null {
  if (!joins || joins.length < 2) return null;
  const brought = joins.reduce((sum, join) => sum + join.seats, 0);
  if (brought !== seats) {
    throw new EstimateInputError([
      { path: 'project.joins', message: `must bring the project's ${seats} seats; they bring ${brought}.` },
    ]);
  }
  const stages: Stage[] = [];
  for (const join of joins) stages.push(nextStage(stages.at(-1), join, architectShare));
  return stages;
}

function nextStage(before: Stage | undefined, { month, seats }: Join, architectShare: number | null): Stage {
  if (before === undefined) {
    const supplied = architectShare === null ? seats : seats - 1;
    return { from: month, seats: supplied, capacity: capacityOf(supplied, architectShare), capacityBefore: 0, seatsBefore: 0 };
  }
  const months = month - before.from;
  const supplied = before.seats + seats;
  return {
    from: month,
    seats: supplied,
    capacity: capacityOf(supplied, architectShare),
    capacityBefore: before.capacityBefore + before.capacity * months,
    seatsBefore: before.seatsBefore + before.seats * months,
  };
}

function capacityOf(supplied: number, architectShare: number | null): number {
  const capacity = supplied + (architectShare ?? 0);
  return capacity < LEAST_CAPACITY ? 0 : capacity;
}

/** The last stage that begins before the team has delivered `seatMonths`. */
export function stageAt(stages: readonly Stage[], seatMonths: number): number {
  let index = stages.length - 1;
  while (index > 0 && (stages[index] as Stage).capacityBefore > seatMonths) index -= 1;
  return index;
}

/** Months after the first start until the team has delivered `seatMonths`: where the integral of Ne(t) reaches them. */
export function monthsFor(stages: readonly Stage[], seatMonths: number): number {
  const { from, capacity, capacityBefore } = stages[stageAt(stages, seatMonths)] as Stage;
  return from + (seatMonths - capacityBefore) / capacity;
}

/** Supplied seat-months until then: the integral of Nx(t). */
export function suppliedUntil(stages: readonly Stage[], months: number): number {
  let index = stages.length - 1;
  while (index > 0 && (stages[index] as Stage).from > months) index -= 1;
  const { from, seats, seatsBefore } = stages[index] as Stage;
  return seatsBefore + seats * (months - from);
}
