import { type Assumption, AssumptionSet, isRange, pointOf, type RangeAssumption } from '../assumption';
import type { ModelParameters } from '../formulas';
import { modelParameters, SENIORITY_PRICES } from '../model-parameters';
import type { HiringModel, Project } from '../project';
import { type DrawnQuantile, lognormal, pert, triangular } from './distributions';

/** An assumption that varies, with the distribution of its value. */
export interface UncertainInput {
  readonly id: string;
  readonly claim: string;
  readonly unit: string;
  readonly quantile: DrawnQuantile;
}

/** Name of the input that multiplies the project's hours: how far effort overruns what was planned. */
export const EFFORT = 'effort';

type NumericField = {
  [Field in keyof ModelParameters]: ModelParameters[Field] extends number ? Field : never;
}[keyof ModelParameters];

/** A figure of one hiring model that follows an uncertain input: figure = intercept + slope value. */
export interface Driver {
  readonly inputId: string;
  readonly field: FollowingField;
  readonly slope: number;
  /** 0 for a figure in proportion to the input, so that no rounding makes it negative. */
  readonly intercept: number;
}

/** The figures that may follow an uncertain input; no other one does. */
export const FIELDS = [
  'monthsToStart',
  'rampMonths',
  'dayOneProductivity',
  'rework',
  'annualExits',
  'management',
  'managerCost',
  'engineerCost',
  'recruiting',
  'vacancyCost',
  'toleratedDelay',
  'equipment',
  'bench',
  'severance',
] as const satisfies readonly NumericField[];
export type FollowingField = (typeof FIELDS)[number];

/** An intercept below this share of the figure is rounding. */
const NEGLIGIBLE = 1e-9;

/** Figures that are triangular; all other ranges are PERT. Source: docs/COST-MODEL.md, "Uncertainty". */
const TRIANGULAR = /\.(ramp_months|rework|management)$/;

/** By how much the effort of projects exceeds its estimate, or null when it is taken as certain. */
export function effortOf(assumptions: readonly Assumption[]): UncertainInput | null {
  const set = new AssumptionSet(assumptions);
  const [mean, deviation] = [set.use('effort.ln_mean'), set.use('effort.ln_deviation')];
  if (pointOf(mean) === 0 && pointOf(deviation) === 0) return null;
  return {
    id: EFFORT,
    claim: 'How far the effort overruns the plan',
    unit: 'times the hours',
    quantile: lognormal(pointOf(mean), pointOf(deviation)),
  };
}

/** What share the effort exceeds its estimate by on average, below 0 when it is less: the mean of the lognormal, less 1. */
export function meanOverrun(assumptions: readonly Assumption[]): number {
  const [mean = 0, deviation = 0] = ['effort.ln_mean', 'effort.ln_deviation'].map((id) => {
    const found = assumptions.find((assumption) => assumption.id === id);
    return found ? pointOf(found) : 0;
  });
  return Math.exp(mean + deviation ** 2 / 2) - 1;
}

/**
 * The ranges that vary. With a seniority mix the ranges of rates and salaries are the spread between seniorities, which the mix
 * settles, and vary no more.
 */
export function uncertainInputs(project: Project, assumptions: readonly Assumption[]): UncertainInput[] {
  return assumptions
    .filter(isRange)
    .filter(
      (range) =>
        range.low < range.high && range.id !== 'C2' && !(project.seniorityMix !== null && SENIORITY_PRICES.includes(range.id)),
    )
    .map((range) => ({ id: range.id, claim: range.claim, unit: range.unit, quantile: quantileOf(range) }));
}

function quantileOf({ id, low, mode, high }: RangeAssumption): DrawnQuantile {
  return TRIANGULAR.test(id) ? triangular(low, mode, high) : pert(low, mode, high);
}

/**
 * Which figures of a model follow which inputs. Every figure of the model is affine in each assumption, so two readings of it show how.
 *
 * @throws RangeError when a figure follows two inputs, which the model does not have and the simulation could not follow
 */
export function driversOf(
  model: HiringModel,
  project: Project,
  assumptions: readonly Assumption[],
  inputs: readonly UncertainInput[],
): Driver[] {
  const base = modelParameters(model, project, new AssumptionSet(assumptions));
  const drivers: Driver[] = [];
  for (const { id } of inputs) {
    const range = assumptions.find((assumption) => assumption.id === id);
    if (!range || !isRange(range)) continue;
    const point = pointOf(range);
    const step = point > 0 ? point : range.high - range.low;
    const moved = modelParameters(model, project, new AssumptionSet(withValue(assumptions, id, point + step)));
    for (const field of FIELDS) {
      const change = moved[field] - base[field];
      if (change === 0) continue;
      if (drivers.some((driver) => driver.field === field))
        throw new RangeError(`${model}.${field} follows two uncertain inputs.`);
      const slope = change / step;
      const intercept = base[field] - slope * point;
      drivers.push({
        inputId: id,
        field,
        slope,
        intercept: Math.abs(intercept) < NEGLIGIBLE * base[field] ? 0 : intercept,
      });
    }
  }
  return drivers;
}

/** The assumptions with one of them at a single value. */
export function withValue(assumptions: readonly Assumption[], id: string, value: number): Assumption[] {
  return assumptions.map((assumption) => {
    if (assumption.id !== id) return assumption;
    return isRange(assumption) ? { ...assumption, low: value, mode: value, high: value } : { ...assumption, value };
  });
}
