import type { HiringModel } from './project';

/** One hiring model's figures, ready for the formulas of docs/COST-MODEL.md. Money in USD, time in months or hours as named. */
export interface ModelParameters {
  readonly model: HiringModel;
  /** Nx: seats supplied from outside or hired. */
  readonly seats: number;
  /** Ne: effective capacity in seats, above 0. */
  readonly capacity: number;
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
  /** Multiplies the work W; 1 unless claim C4 is switched on. */
  readonly workFactor: number;
}

export interface Breakdown {
  readonly labour: number;
  readonly management: number;
  readonly recruiting: number;
  readonly vacancy: number;
  readonly equipment: number;
}

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
  const { seats, capacity, hoursPerMonth, monthsToStart } = parameters;
  const l = rampLoss(parameters);
  const D0 = (hours * (1 + parameters.rework)) / (capacity * hoursPerMonth);
  const X = (seats * parameters.annualExits * D0) / 12;
  const W = parameters.workFactor * (hours * (1 + parameters.rework) + (seats + X) * l);
  const Dw = W / (capacity * hoursPerMonth);
  const D = monthsToStart + Dw + (X * monthsToStart) / capacity;
  const breakdown: Breakdown = {
    labour: W * labourCost(parameters),
    management: W * managementCost(parameters),
    recruiting: (seats + X) * parameters.recruiting,
    vacancy: (seats + X) * vacancyPerSeat(parameters),
    equipment: seats * parameters.equipment,
  };
  const total = breakdown.labour + breakdown.management + breakdown.recruiting + breakdown.vacancy + breakdown.equipment;
  return { total, breakdown, intermediate: { c: parameters.engineerCost, l, D0, X, W, Dw, D } };
}

/**
 * The same cost as a line in H:
 * F = Nx [ l (c + mu cg) + rec + vac + eq ], k = (1 + w) [ (1 + r a l / 12h)(c + mu cg) + (r a / 12h)(rec + vac) ], with r = Nx / Ne
 * (1 but for the hybrid) and C4's factor on the hours worked.
 */
export function costLine(parameters: ModelParameters): CostLine {
  const { seats, workFactor } = parameters;
  const l = rampLoss(parameters);
  const perWorkedHour = workFactor * (labourCost(parameters) + managementCost(parameters));
  const perHire = parameters.recruiting + vacancyPerSeat(parameters);
  const exitsPerHour = ((seats / parameters.capacity) * parameters.annualExits) / (12 * parameters.hoursPerMonth);
  return {
    fixed: seats * (l * perWorkedHour + perHire + parameters.equipment),
    perHour: (1 + parameters.rework) * ((1 + exitsPerHour * l) * perWorkedHour + exitsPerHour * perHire),
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
