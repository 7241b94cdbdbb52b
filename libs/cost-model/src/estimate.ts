import { type Assumption, AssumptionSet, pointOf } from './assumption';
import { type BreakEven, breakEven, type ModelCurve } from './break-even';
import { type ClaimComparison, compareClaims } from './claims';
import { type CostCurve, costCurve } from './cost-curve';
import { type Breakdown, evaluateModel, type Intermediate, type ModelParameters, type ModelResult } from './formulas';
import { EstimateInputError } from './input-error';
import { MOST_DOLLARS, MOST_MONTHS } from './limits';
import { hoursFactor, hoursPerMonth, modelParameters } from './model-parameters';
import { toCents, toDecimals } from './money';
import { assertAssumptions } from './override-assumptions';
import { HIRING_MODELS, type HiringModel, type Project } from './project';
import { monthsFor, stagesOf } from './ramp-in';
import { warningsFor } from './warnings';

export interface Estimate {
  readonly project: Project;
  readonly currency: 'USD';
  readonly models: readonly ModelEstimate[];
  /** One per pair of the models asked for. */
  readonly breakEvens: readonly BreakEven[];
  /** Vendors' claims beside the model's own figures. */
  readonly claims: readonly ClaimComparison[];
  /** A copy of every assumption that a number above was calculated with. */
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
}

export interface ModelEstimate {
  readonly model: HiringModel;
  /** To the cent, rounded from the exact sum; the rounded parts may differ from it by a cent. */
  readonly total: number;
  /** T: months until people start. */
  readonly monthsToStart: number;
  /** D, from the decision to hire until delivery, to four decimals. */
  readonly deliveryMonths: number;
  /** To the cent. */
  readonly breakdown: Breakdown;
  /** Unrounded. */
  readonly intermediate: Intermediate;
}

/** One hiring model's figures and what they come to, claims that are switched on included. */
export interface EvaluatedModel {
  readonly parameters: ModelParameters;
  readonly result: ModelResult;
  /** Its cost for projects of any size. */
  readonly curve: CostCurve;
}

/**
 * Costs a project with every hiring model. Deterministic: the same project and assumptions give the same estimate.
 *
 * @param project from `parseProject`
 * @param assumptions the defaults, or what `overrideAssumptions` made of them
 * @throws EstimateInputError for assumptions that cannot be used, or a result that is out of all proportion
 */
export function estimateProject(project: Project, assumptions: readonly Assumption[]): Estimate {
  assertAssumptions(assumptions);
  const set = new AssumptionSet(assumptions);
  const evaluated = evaluateModels(project, set);
  const withoutAny = new AssumptionSet(withoutClaims(assumptions));
  const unclaimed = evaluateModels(project, withoutAny);
  // What a claim stands in for is used to compare it.
  for (const { id } of withoutAny.used()) set.use(id);
  const results = mapModels((model) => unclaimed[model].result);
  const asked = project.models.map((model) => evaluated[model]);
  const teamMonths = teamMonthsOf(project, hoursPerMonth(project, set) / hoursFactor(project, set));
  return {
    project,
    currency: 'USD',
    models: asked.map(asEstimate),
    breakEvens: pairs(asked).map(([a, b]) => breakEven(asCurve(a), asCurve(b), teamMonths)),
    claims: compareClaims(results, unclaimed.staff_augmentation.parameters.monthsToStart, set),
    warnings: warningsFor(
      project,
      asked.map(({ parameters, result }) => ({ parameters, result })),
      set,
    ),
    assumptions: set.used(),
  };
}

/** @throws EstimateInputError for a result that is out of all proportion */
export function evaluateModels(project: Project, set: AssumptionSet): Readonly<Record<HiringModel, EvaluatedModel>> {
  const factor = hoursFactor(project, set);
  const evaluated = mapModels((model) => evaluate(modelParameters(model, project, set), project.hours, factor));
  return { ...evaluated, staff_augmentation: atClaimedTotal(evaluated, set) };
}

function evaluate(parameters: ModelParameters, hours: number, factor: number): EvaluatedModel {
  const result = evaluateModel(parameters, hours * factor);
  const curve = costCurve(parameters).map(({ from, fixed, perHour }) => ({
    from: from / factor,
    fixed,
    perHour: perHour * factor,
  }));
  const isCurve = curve.every(({ from, fixed, perHour }) => Number.isFinite(from + fixed + perHour));
  if (!isCurve || !(result.total < MOST_DOLLARS) || !(result.intermediate.D < MOST_MONTHS)) {
    throw new EstimateInputError([
      {
        path: 'project',
        message: `comes to USD ${MOST_DOLLARS} or ${MOST_MONTHS} months and more with ${parameters.model}; check hours, seats and assumptions.`,
      },
    ]);
  }
  return { parameters, result, curve };
}

/** Claim C7 read as total cost: the partner costs that much less than in-house; its parts shrink or grow alike. */
function atClaimedTotal(evaluated: Readonly<Record<HiringModel, EvaluatedModel>>, set: AssumptionSet): EvaluatedModel {
  const { in_house: inHouse, staff_augmentation: partner } = evaluated;
  const c7 = set.enabledClaim('C7');
  if (c7?.reading !== 'total_cost') return partner;
  const share = 1 - pointOf(c7);
  const total = share * inHouse.result.total;
  const own = partner.result.total;
  // Of nothing there are no parts: all of it is labour.
  const part = (line: keyof Breakdown): number => (own > 0 ? partner.result.breakdown[line] / own : Number(line === 'labour'));
  return {
    ...partner,
    result: { ...partner.result, total, breakdown: breakdownOf((line) => part(line) * total) },
    curve: inHouse.curve.map(({ from, fixed, perHour }) => ({ from, fixed: share * fixed, perHour: share * perHour })),
  };
}

function withoutClaims(assumptions: readonly Assumption[]): Assumption[] {
  return assumptions.map((assumption) => (assumption.role === 'claim' ? { ...assumption, enabled: false } : assumption));
}

function asEstimate({ parameters, result }: EvaluatedModel): ModelEstimate {
  return {
    model: parameters.model,
    total: toCents(result.total),
    monthsToStart: parameters.monthsToStart,
    deliveryMonths: toDecimals(result.intermediate.D, 4),
    breakdown: breakdownOf((line) => toCents(result.breakdown[line])),
    intermediate: result.intermediate,
  };
}

function breakdownOf(amount: (line: keyof Breakdown) => number): Breakdown {
  return {
    labour: amount('labour'),
    management: amount('management'),
    recruiting: amount('recruiting'),
    vacancy: amount('vacancy'),
    equipment: amount('equipment'),
    bench: amount('bench'),
    severance: amount('severance'),
  };
}

function asCurve({ parameters, curve }: EvaluatedModel): ModelCurve {
  return { model: parameters.model, curve };
}

/**
 * How long the whole team works on a number of the project's hours.
 *
 * @param hoursPerSeat the project's hours that a seat does in a month
 */
function teamMonthsOf(project: Project, hoursPerSeat: number): (hours: number) => number {
  const stages = stagesOf(project, null);
  return (hours) => (stages === null ? hours / (project.seats * hoursPerSeat) : monthsFor(stages, hours / hoursPerSeat));
}

/** One of each for all four models. */
export function mapModels<T>(make: (model: HiringModel) => T): Record<HiringModel, T> {
  const [freelance, in_house, hybrid, staff_augmentation] = HIRING_MODELS;
  return {
    freelance: make(freelance),
    in_house: make(in_house),
    hybrid: make(hybrid),
    staff_augmentation: make(staff_augmentation),
  };
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((first, index) => items.slice(index + 1).map((second): [T, T] => [first, second]));
}
