import { type Assumption, AssumptionSet } from '../assumption';
import { estimateProject } from '../estimate';
import { evaluateModel } from '../formulas';
import { hoursFactor, modelParameters } from '../model-parameters';
import type { HiringModel, Project } from '../project';
import { poissonQuantile } from './distributions';
import { EFFORT, effortOf, type UncertainInput, uncertainInputs, withValue } from './uncertain-inputs';

export interface Tornado {
  readonly model: HiringModel;
  /** USD at the point estimate. */
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

/** Which inputs move the cost of each model most. Source: docs/COST-MODEL.md. */
export function tornadoOf(project: Project, assumptions: readonly Assumption[]): Tornado[] {
  const inputs = uncertainInputs(project, assumptions);
  const effort = effortOf(assumptions);
  const points = modelTotals(project, assumptions);
  const bars = new Map<HiringModel, TornadoBar[]>(project.models.map((model) => [model, exitBar(model, project, assumptions)]));
  for (const input of effort ? [effort, ...inputs] : inputs) {
    const [low, high] = [LOW, HIGH].map((probability) => ends(project, assumptions, input, input.quantile(probability)));
    for (const model of project.models) {
      const bar = barOf(input, low?.get(model) as TornadoEnd, high?.get(model) as TornadoEnd);
      if (bar.swing > 0 || bar.low.deliveryMonths !== bar.high.deliveryMonths) bars.get(model)?.push(bar);
    }
  }
  return project.models.map((model) => ({
    model,
    total: points.get(model)?.total as number,
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

function ends(
  project: Project,
  assumptions: readonly Assumption[],
  input: UncertainInput,
  value: number,
): ReadonlyMap<HiringModel, TornadoEnd> {
  const totals =
    input.id === EFFORT
      ? modelTotals({ ...project, hours: project.hours * value }, assumptions)
      : modelTotals(project, withValue(assumptions, input.id, value));
  return new Map([...totals].map(([model, ended]) => [model, { ...ended, value }]));
}

function modelTotals(
  project: Project,
  assumptions: readonly Assumption[],
): ReadonlyMap<HiringModel, { readonly total: number; readonly deliveryMonths: number }> {
  const { models } = estimateProject(project, assumptions);
  return new Map(models.map(({ model, total, deliveryMonths }) => [model, { total, deliveryMonths }]));
}

/** The number of people who leave is Poisson about its expectation. */
function exitBar(model: HiringModel, project: Project, assumptions: readonly Assumption[]): TornadoBar[] {
  const set = new AssumptionSet(assumptions);
  const parameters = modelParameters(model, project, set);
  const hours = project.hours * hoursFactor(project, set);
  const { X: expected } = evaluateModel(parameters, hours).intermediate;
  if (expected === 0) return [];
  const [low, high] = [LOW, HIGH].map((probability): TornadoEnd => {
    const exits = poissonQuantile(probability, expected);
    const { total, intermediate } = evaluateModel(
      { ...parameters, annualExits: (parameters.annualExits * exits) / expected },
      hours,
    );
    return { value: exits, total, deliveryMonths: intermediate.D };
  }) as [TornadoEnd, TornadoEnd];
  const bar = barOf({ id: EXITS, claim: 'People who leave during the project', unit: 'people' }, low, high);
  return bar.swing > 0 ? [bar] : [];
}
