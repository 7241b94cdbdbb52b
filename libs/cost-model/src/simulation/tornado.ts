import { type Assumption, AssumptionSet, pointOf } from '../assumption';
import { type EvaluatedModel, evaluateModels, mapModels } from '../estimate';
import { evaluateModel, type ModelParameters } from '../formulas';
import { hoursFactor, modelParameters } from '../model-parameters';
import { toDecimals } from '../money';
import { assertAssumptions } from '../override-assumptions';
import type { HiringModel, Project } from '../project';
import { poissonQuantile } from './distributions';
import { EFFORT, effortOf, type UncertainInput, uncertainInputs, withValue } from './uncertain-inputs';

export interface Tornado {
  readonly model: HiringModel;
  /** USD at the point estimate, unrounded as all amounts here. */
  readonly total: number;
  /** Widest swing first; inputs that do not move the model are left out. */
  readonly bars: readonly TornadoBar[];
}

/** One input moved to its P10 and P90 alone, all others as in the point estimate. */
export interface TornadoBar {
  readonly inputId: string;
  readonly claim: string;
  readonly unit: string;
  readonly low: TornadoEnd;
  readonly high: TornadoEnd;
  /** USD between the two ends. */
  readonly swing: number;
}

export interface TornadoEnd {
  /** The input's value. */
  readonly value: number;
  /** USD */
  readonly total: number;
  /** Months until delivery. */
  readonly deliveryMonths: number;
}

const [LOW, HIGH] = [0.1, 0.9];

/** Name of the input that is the number of people who leave. */
export const EXITS = 'exits';

/** Which inputs move the cost of each model most. Source: docs/COST-MODEL.md. @throws EstimateInputError */
export function tornadoOf(project: Project, assumptions: readonly Assumption[]): Tornado[] {
  assertAssumptions(assumptions);
  const inputs = uncertainInputs(project, assumptions);
  const effort = effortOf(assumptions);
  const point = endsAt(project, assumptions, Number.NaN);
  const bars = new Map<HiringModel, TornadoBar[]>(project.models.map((model) => [model, exitBar(model, project, assumptions)]));
  for (const input of effort ? [effort, ...inputs] : inputs) {
    const [low, high] = [endOf(project, assumptions, input, LOW), endOf(project, assumptions, input, HIGH)];
    for (const model of project.models) {
      const bar = barOf(input, low[model], high[model]);
      if (bar.swing > 0 || bar.low.deliveryMonths !== bar.high.deliveryMonths) bars.get(model)?.push(bar);
    }
  }
  return project.models.map((model) => ({
    model,
    total: point[model].total,
    bars: (bars.get(model) ?? []).sort((a, b) => b.swing - a.swing || (a.inputId < b.inputId ? -1 : 1)),
  }));
}

function barOf(
  { id, claim, unit }: Pick<UncertainInput, 'id' | 'claim' | 'unit'>,
  low: TornadoEnd,
  high: TornadoEnd,
): TornadoBar {
  return { inputId: id, claim, unit, low, high, swing: Math.abs(high.total - low.total) };
}

function endOf(
  project: Project,
  assumptions: readonly Assumption[],
  { id, quantile }: UncertainInput,
  probability: number,
): Readonly<Record<HiringModel, TornadoEnd>> {
  const value = quantile(probability);
  if (id === EFFORT) return endsAt({ ...project, hours: project.hours * value }, assumptions, value);
  return endsAt(project, withValue(assumptions, id, value), value);
}

function endsAt(project: Project, assumptions: readonly Assumption[], value: number): Readonly<Record<HiringModel, TornadoEnd>> {
  const evaluated = evaluateModels(project, new AssumptionSet(assumptions));
  const end = ({ result }: EvaluatedModel): TornadoEnd => ({
    value,
    total: result.total,
    deliveryMonths: toDecimals(result.intermediate.D, 4),
  });
  return mapModels((model) => end(evaluated[model]));
}

/** The number of people who leave is Poisson about its expectation. */
function exitBar(model: HiringModel, project: Project, assumptions: readonly Assumption[]): TornadoBar[] {
  const set = new AssumptionSet(assumptions);
  const claim = model === 'staff_augmentation' ? set.enabledClaim('C7') : null;
  if (claim?.reading === 'total_cost') return claimedExitBar(project, assumptions, 1 - pointOf(claim));
  const ends = exitEnds(modelParameters(model, project, set), project.hours * hoursFactor(project, set));
  if (ends === null) return [];
  const bar = barOf({ id: EXITS, claim: 'People who leave during the project', unit: 'people' }, ...ends);
  return bar.swing > 0 ? [bar] : [];
}

/** With claim C7 on the total, a partner's cost follows those who would leave an in-house team; its delivery does not. */
function claimedExitBar(project: Project, assumptions: readonly Assumption[], share: number): TornadoBar[] {
  const [inHouse] = exitBar('in_house', project, assumptions);
  if (!inHouse) return [];
  const { D } = evaluateModels(project, new AssumptionSet(assumptions)).staff_augmentation.result.intermediate;
  const claimed = ({ value, total }: TornadoEnd): TornadoEnd => ({
    value,
    total: share * total,
    deliveryMonths: toDecimals(D, 4),
  });
  const claim = 'People who would leave an in-house team, to whose cost claim C7 ties the total';
  return [barOf({ id: EXITS, claim, unit: inHouse.unit }, claimed(inHouse.low), claimed(inHouse.high))];
}

function exitEnds(parameters: ModelParameters, hours: number): [TornadoEnd, TornadoEnd] | null {
  const { X: expected } = evaluateModel(parameters, hours).intermediate;
  if (expected === 0) return null;
  const end = (probability: number): TornadoEnd => {
    const exits = poissonQuantile(probability, expected);
    const annualExits = parameters.annualExits * (exits / expected);
    const { total, intermediate } = evaluateModel({ ...parameters, annualExits }, hours);
    return { value: exits, total, deliveryMonths: toDecimals(intermediate.D, 4) };
  };
  return [end(LOW), end(HIGH)];
}
