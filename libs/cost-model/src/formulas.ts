import type { HiringModel } from './project';
import { monthsFor, type Stage, suppliedUntil } from './ramp-in';

/** One hiring model's figures, ready for the formulas of docs/COST-MODEL.md. Money in USD, time in months or hours as named. */
export interface ModelParameters {
  readonly model: HiringModel;
  /** Nx: seats supplied from outside or hired. */
  readonly seats: number;
  /** Ne: effective capacity in seats, above 0. */
  readonly capacity: number;
  /** How the team gets to `seats` and `capacity`, null when all start together. */
  readonly stages: readonly Stage[] | null;
  /** h */
  readonly hoursPerMonth: number;
  /** T */
  readonly monthsToStart: number;
  /** R */
  readonly rampMonths: number;
  /** p0, 0..1 */
  readonly dayOneProductivity: number;
  /** w */
  readonly rework: number;
  /** a, per seat and year */
  readonly annualExits: number;
  /** mu, manager hours per engineer hour */
  readonly management: number;
  /** cg, USD per hour */
  readonly managerCost: number;
  /** c: USD per hour of a supplied or hired engineer. */
  readonly engineerCost: number;
  /** USD per hour of the hybrid's architect, null in other models. */
  readonly architectCost: number | null;
  /** rec, USD per hire */
  readonly recruiting: number;
  /** v, USD per seat-month */
  readonly vacancyCost: number;
  /** s, months */
  readonly toleratedDelay: number;
  /** eq, USD per seat */
  readonly equipment: number;
  /** USD in all: what those whom the organisation employs cost after the project, before they work on the next one. */
  readonly bench: number;
  /** Months after delivery that `bench` is paid for. */
  readonly benchMonths: number;
  /** USD in all, paid when the employment ends. */
  readonly severance: number;
  /** Multiplies the work W; 1 unless claim C4 is switched on. */
  readonly workFactor: number;
}

export interface Breakdown {
  readonly labour: number;
  readonly management: number;
  readonly recruiting: number;
  readonly vacancy: number;
  readonly equipment: number;
  readonly bench: number;
  readonly severance: number;
}

/** The lines of a breakdown, in the order in which they are told. */
export const BREAKDOWN_LINES = [
  'labour',
  'management',
  'recruiting',
  'vacancy',
  'equipment',
  'bench',
  'severance',
] as const satisfies readonly (keyof Breakdown)[];

/** The formulas' symbols: `c` USD per hour; `l` hours per joiner; `X` seats replaced; `W` hours; `D0`, `Dw`, `D` months. */
export interface Intermediate {
  readonly c: number;
  readonly l: number;
  readonly D0: number;
  readonly X: number;
  readonly W: number;
  readonly Dw: number;
  readonly D: number;
}

/** Unrounded. */
export interface ModelResult {
  readonly total: number;
  readonly breakdown: Breakdown;
  readonly intermediate: Intermediate;
}

/** Cost as a line in the project's hours: `fixed + perHour * H`, in USD and USD per hour. */
export interface CostLine {
  readonly fixed: number;
  readonly perHour: number;
}

/**
 * Costs a project of `hours` engineer-hours with one hiring model. Source of the formulas: docs/COST-MODEL.md.
 * In the hybrid, labour is h Dw (Nx c + c_architect): the architect is paid for the whole working time, whatever share is delivery.
 */
export function evaluateModel(parameters: ModelParameters, hours: number): ModelResult {
  const { seats } = parameters;
  const l = rampLoss(parameters);
  const needed = hours * (1 + parameters.rework);
  const { D0, X } = firstEstimate(parameters, needed);
  const W = parameters.workFactor * (needed + (seats + X) * l);
  const { Dw, D } = duration(parameters, W, X);
  const breakdown: Breakdown = {
    labour: labour(parameters, W, Dw),
    management: W * managementCost(parameters),
    recruiting: (seats + X) * parameters.recruiting,
    vacancy: (seats + X) * vacancyPerSeat(parameters),
    equipment: seats * parameters.equipment,
    bench: parameters.bench,
    severance: parameters.severance,
  };
  const total = BREAKDOWN_LINES.reduce((sum, line) => sum + breakdown[line], 0);
  return { total, breakdown, intermediate: { c: parameters.engineerCost, l, D0, X, W, Dw, D } };
}

/** D0 and X: people leave in proportion to the supplied seat-months of D0, which are Nx D0 when all start together. */
function firstEstimate(
  { seats, capacity, stages, hoursPerMonth, annualExits }: ModelParameters,
  needed: number,
): { D0: number; X: number } {
  if (stages === null) {
    const D0 = needed / (capacity * hoursPerMonth);
    return { D0, X: (seats * annualExits * D0) / 12 };
  }
  const D0 = monthsFor(stages, needed / hoursPerMonth);
  return { D0, X: (annualExits * suppliedUntil(stages, D0)) / 12 };
}

/** Dw and D: each leaver's seat is empty for T months, so that the team has X T seat-months more to deliver until the end. */
function duration(
  { capacity, stages, hoursPerMonth, monthsToStart }: ModelParameters,
  W: number,
  X: number,
): { Dw: number; D: number } {
  if (stages === null) {
    const Dw = W / (capacity * hoursPerMonth);
    return { Dw, D: monthsToStart + Dw + (X * monthsToStart) / capacity };
  }
  const Dw = monthsFor(stages, W / hoursPerMonth);
  return { Dw, D: monthsToStart + monthsFor(stages, W / hoursPerMonth + X * monthsToStart) };
}

function labour(parameters: ModelParameters, W: number, Dw: number): number {
  const { stages, hoursPerMonth, engineerCost, architectCost } = parameters;
  if (stages === null || architectCost === null) return W * labourCost(parameters);
  return hoursPerMonth * (engineerCost * suppliedUntil(stages, Dw) + architectCost * Dw);
}

/**
 * The same cost as a line in H, for a team that starts together; how it ramps in changes the line of the hybrid only (`costCurve`).
 * F = Nx [ l (c + mu cg) + rec + vac + eq ] + bench + severance, k = (1 + w) [ (1 + r a l / 12h)(c + mu cg) + (r a / 12h)(rec + vac) ],
 * with r = Nx / Ne (1 but for the hybrid) and C4's factor on the hours worked.
 */
export function costLine(parameters: ModelParameters): CostLine {
  const { seats, workFactor } = parameters;
  const { l, perHire, managementCost } = costParts(parameters);
  const perWorkedHour = workFactor * (labourCost(parameters) + managementCost);
  const exitsPerHour = ((seats / parameters.capacity) * parameters.annualExits) / (12 * parameters.hoursPerMonth);
  return {
    fixed: seats * (l * perWorkedHour + perHire + parameters.equipment) + parameters.bench + parameters.severance,
    perHour: (1 + parameters.rework) * ((1 + exitsPerHour * l) * perWorkedHour + exitsPerHour * perHire),
  };
}

/** What costs are made of: l in hours per joiner, USD per hire and vacancy, USD of management per hour of W. */
export function costParts(parameters: ModelParameters): { l: number; perHire: number; managementCost: number } {
  return {
    l: rampLoss(parameters),
    perHire: parameters.recruiting + vacancyPerSeat(parameters),
    managementCost: managementCost(parameters),
  };
}

/** l: hours lost while one joiner ramps up, linearly from p0 to full productivity. */
function rampLoss({ rampMonths, hoursPerMonth, dayOneProductivity }: ModelParameters): number {
  return (rampMonths * hoursPerMonth * (1 - dayOneProductivity)) / 2;
}

/** USD of labour per hour of W. */
function labourCost({ seats, capacity, engineerCost, architectCost }: ModelParameters): number {
  return architectCost === null ? engineerCost : (seats * engineerCost + architectCost) / capacity;
}

function managementCost({ management, managerCost }: ModelParameters): number {
  return management * managerCost;
}

function vacancyPerSeat({ vacancyCost, monthsToStart, toleratedDelay }: ModelParameters): number {
  return vacancyCost * Math.max(0, monthsToStart - toleratedDelay);
}
