import { type Assumption, AssumptionSet, pointOf } from '../assumption';
import type { ModelParameters } from '../formulas';
import { EstimateInputError, InputProblems } from '../input-error';
import { hoursFactor, modelParameters } from '../model-parameters';
import { assertAssumptions } from '../override-assumptions';
import type { HiringModel, Project } from '../project';
import { poissonQuantile } from './distributions';
import { type RandomStream, randomStream } from './random';
import { type Distribution, type Pair, pairsOf, summarise } from './summary';
import { type Driver, driversOf, EFFORT, effortOf, type UncertainInput, uncertainInputs } from './uncertain-inputs';

export interface SimulationOptions {
  /** Number of draws, {@link FEWEST_DRAWS} to {@link MOST_DRAWS}. */
  readonly draws: number;
  /** A whole number from 0 to 2^32 - 1. The same seed gives the same result. */
  readonly seed: number;
  /** Told the share that is done, 0..1, about fifty times. */
  readonly onProgress?: (share: number) => void;
}

export interface Simulation {
  readonly draws: number;
  readonly seed: number;
  readonly models: readonly ModelSimulation[];
  /** P(A cheaper than B), for each pair of the models asked for. */
  readonly pairs: readonly Pair[];
  /** Ids of the inputs that varied, with {@link EFFORT}. */
  readonly varied: readonly string[];
}

export interface ModelSimulation {
  readonly model: HiringModel;
  /** USD */
  readonly cost: Distribution;
  /** Months from the decision to hire until delivery. */
  readonly delivery: Distribution;
}

export const FEWEST_DRAWS = 100;
export const MOST_DRAWS = 1_000_000;
const CHUNK = 4096;

/** Checks number of draws and seed. @throws EstimateInputError */
export function parseSimulationOptions(input: { readonly draws?: unknown; readonly seed?: unknown }): {
  draws: number;
  seed: number;
} {
  const problems = new InputProblems();
  const whole = (path: string, value: unknown, least: number, most: number): number => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    problems.add(path, `must be a whole number from ${least} to ${most}.`);
    return Number.NaN;
  };
  const draws = whole('draws', input.draws ?? 100_000, FEWEST_DRAWS, MOST_DRAWS);
  const seed = whole('seed', input.seed ?? 1, 0, 0xffff_ffff);
  problems.throwIfAny();
  return { draws, seed };
}

/**
 * Monte Carlo over the ranges of the assumptions, the effort of the project and the number of people who leave. All models of one draw
 * share the effort and every assumption that they have in common (common random numbers), so that their difference is not blurred by
 * what they share. With nothing uncertain every draw is the point estimate to the last digit, exits at their expectation included.
 *
 * @param assumptions the defaults, or what `overrideAssumptions` made of them
 * @throws EstimateInputError
 */
export function simulate(project: Project, assumptions: readonly Assumption[], options: SimulationOptions): Simulation {
  assertAssumptions(assumptions);
  const { draws, seed } = parseSimulationOptions(options);
  const effort = effortOf(assumptions);
  const inputs = uncertainInputs(project, assumptions);
  const isCertain = effort === null && inputs.length === 0;
  const set = new AssumptionSet(assumptions);
  const sampled = [...(effort ? [effort] : []), ...inputs].map((input) => new SampledInput(input, randomStream(seed, input.id)));
  const hours = project.hours * hoursFactor(project, set);
  const models = simulatedModels(project, set).map(
    (model) =>
      new SampledModel(
        modelParameters(model, project, set),
        driversOf(model, project, assumptions, inputs),
        isCertain ? null : randomStream(seed, `exits ${model}`),
        draws,
      ),
  );
  const effortInput = sampled.find(({ input }) => input.id === EFFORT) ?? null;
  for (let begin = 0; begin < draws; begin += CHUNK) {
    const count = Math.min(CHUNK, draws - begin);
    for (const each of sampled) each.draw(count);
    for (const each of models) each.evaluate(begin, count, hours, effortInput?.values ?? null, sampled);
    options.onProgress?.((begin + count) / draws);
  }
  applyClaimedTotal(models, set);
  const asked = project.models.map((model) => models.find((each) => each.parameters.model === model) as SampledModel);
  const costs = summarise(asked.map((each) => each.cost));
  const deliveries = summarise(asked.map((each) => each.delivery));
  refuseUnbounded(asked);
  return {
    draws,
    seed,
    models: asked.map(({ parameters }, index) => ({
      model: parameters.model,
      cost: costs[index] as Distribution,
      delivery: deliveries[index] as Distribution,
    })),
    pairs: pairsOf(asked.map(({ parameters, cost }) => ({ model: parameters.model, cost }))),
    varied: sampled.map(({ input }) => input.id),
  };
}

/** Claim C7 on the total needs the in-house cost of the same draw, asked for or not. */
function simulatedModels(project: Project, set: AssumptionSet): readonly HiringModel[] {
  const needsInHouse = project.models.includes('staff_augmentation') && set.enabledClaim('C7')?.reading === 'total_cost';
  return needsInHouse ? [...new Set([...project.models, 'in_house' as const])] : project.models;
}

function applyClaimedTotal(models: readonly SampledModel[], set: AssumptionSet): void {
  const c7 = set.enabledClaim('C7');
  const partner = models.find(({ parameters }) => parameters.model === 'staff_augmentation');
  const inHouse = models.find(({ parameters }) => parameters.model === 'in_house');
  if (c7?.reading !== 'total_cost' || !partner || !inHouse) return;
  const share = 1 - pointOf(c7);
  for (let index = 0; index < partner.cost.length; index += 1) partner.cost[index] = share * (inHouse.cost[index] as number);
}

function refuseUnbounded(models: readonly SampledModel[]): void {
  for (const { parameters, cost, delivery } of models) {
    if (!cost.every(Number.isFinite) || !delivery.every(Number.isFinite))
      throw new EstimateInputError([{ path: 'project', message: `is out of all proportion with ${parameters.model}.` }]);
  }
}

class SampledInput {
  readonly values = new Float64Array(CHUNK);

  constructor(
    readonly input: UncertainInput,
    private readonly stream: RandomStream,
  ) {}

  draw(count: number): void {
    const { quantile } = this.input;
    for (let index = 0; index < count; index += 1) this.values[index] = quantile(this.stream());
  }
}

/** One hiring model's draws; the same formulas in the same order as `evaluateModel`, without an object for every draw. */
class SampledModel {
  readonly cost: Float64Array;
  readonly delivery: Float64Array;

  constructor(
    readonly parameters: ModelParameters,
    private readonly drivers: readonly Driver[],
    /** Null takes exits at their expectation. */
    private readonly exits: RandomStream | null,
    draws: number,
  ) {
    this.cost = new Float64Array(draws);
    this.delivery = new Float64Array(draws);
  }

  evaluate(begin: number, count: number, hours: number, effort: Float64Array | null, sampled: readonly SampledInput[]): void {
    const p = this.parameters;
    const { seats, capacity, hoursPerMonth, workFactor } = p;
    const followed = (field: Driver['field']): Followed => {
      const driver = this.drivers.find((each) => each.field === field);
      const values = driver && sampled.find(({ input }) => input.id === driver.inputId)?.values;
      return { base: p[field], slope: driver?.slope ?? 0, point: driver?.point ?? 0, values: values ?? null };
    };
    const [start, ramp, dayOne, rework] = (['monthsToStart', 'rampMonths', 'dayOneProductivity', 'rework'] as const).map(
      followed,
    );
    const [annualExits, management, managerCost] = (['annualExits', 'management', 'managerCost'] as const).map(followed);
    const [engineer, recruiting, vacancy] = (['engineerCost', 'recruiting', 'vacancyCost'] as const).map(followed);
    const [tolerated, equipment, bench] = (['toleratedDelay', 'equipment', 'bench'] as const).map(followed);
    const severance = followed('severance');
    for (let index = 0; index < count; index += 1) {
      const H = effort === null ? hours : hours * (effort[index] as number);
      const T = at(start, index);
      const l = (at(ramp, index) * hoursPerMonth * (1 - at(dayOne, index))) / 2;
      const w = at(rework, index);
      const D0 = (H * (1 + w)) / (capacity * hoursPerMonth);
      const expected = (seats * at(annualExits, index) * D0) / 12;
      const X = this.exits === null ? expected : poissonQuantile(this.exits(), expected);
      const W = workFactor * (H * (1 + w) + (seats + X) * l);
      const Dw = W / (capacity * hoursPerMonth);
      const c = at(engineer, index);
      const labour = W * (p.architectCost === null ? c : (seats * c + p.architectCost) / capacity);
      const managing = W * (at(management, index) * at(managerCost, index));
      const hiring = (seats + X) * at(recruiting, index);
      const vacant = (seats + X) * (at(vacancy, index) * Math.max(0, T - at(tolerated, index)));
      this.cost[begin + index] =
        labour + managing + hiring + vacant + seats * at(equipment, index) + at(bench, index) + at(severance, index);
      this.delivery[begin + index] = T + Dw + (X * T) / capacity;
    }
  }
}

interface Followed {
  readonly base: number;
  readonly slope: number;
  readonly point: number;
  readonly values: Float64Array | null;
}

function at(figure: Followed | undefined, index: number): number {
  const { base, slope, point, values } = figure as Followed;
  return values === null ? base : base + slope * ((values[index] as number) - point);
}
