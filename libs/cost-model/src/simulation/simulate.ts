import { type Assumption, AssumptionSet, pointOf } from '../assumption';
import { evaluateModels } from '../estimate';
import { EstimateInputError, InputProblems } from '../input-error';
import { hoursFactor, modelParameters } from '../model-parameters';
import { assertAssumptions } from '../override-assumptions';
import type { HiringModel, Project } from '../project';
import { randomBlocks } from './random';
import { CHUNK, SampledInput } from './sampled-input';
import { SampledModel } from './sampled-model';
import { type Distribution, type Pair, pairsOf, shareAbove, summarise } from './summary';
import { driversOf, EFFORT, effortOf, uncertainInputs } from './uncertain-inputs';

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
  /** Ids of the inputs that varied and that a model followed, with {@link EFFORT}. */
  readonly varied: readonly string[];
}

export interface ModelSimulation {
  readonly model: HiringModel;
  /** USD */
  readonly cost: Distribution;
  /** Share of draws that cost more than the point estimate, 0..1. */
  readonly abovePoint: number;
  /** Months from the decision to hire until delivery. */
  readonly delivery: Distribution;
}

export const FEWEST_DRAWS = 100;
export const MOST_DRAWS = 1_000_000;

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
  const hours = project.hours * hoursFactor(project, set);
  const drivers = new Map(simulatedModels(project, set).map((model) => [model, driversOf(model, project, assumptions, inputs)]));
  const followed = new Set([...drivers.values()].flat().map(({ inputId }) => inputId));
  const varied = [...(effort ? [effort] : []), ...inputs.filter(({ id }) => followed.has(id))];
  const sampled = varied.map((input) => new SampledInput(input, randomBlocks(seed, input.id)));
  const models = [...drivers].map(([model, own]) => {
    const exits = isCertain ? null : randomBlocks(seed, `exits ${model}`);
    return new SampledModel(modelParameters(model, project, set), own, exits, draws);
  });
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
  const points = evaluateModels(project, set);
  const simulated = asked.map(
    ({ parameters, cost }, index): ModelSimulation => ({
      model: parameters.model,
      cost: costs[index] as Distribution,
      abovePoint: shareAbove(cost, points[parameters.model].result.total),
      delivery: deliveries[index] as Distribution,
    }),
  );
  refuseUnbounded(simulated);
  return {
    draws,
    seed,
    models: simulated,
    pairs: pairsOf(asked.map(({ parameters, cost }) => ({ model: parameters.model, cost }))),
    varied: varied.map(({ id }) => id),
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

function refuseUnbounded(models: readonly ModelSimulation[]): void {
  for (const { model, cost, delivery } of models) {
    // No draw is without bounds where their sum is not.
    if (!Number.isFinite(cost.mean) || !Number.isFinite(delivery.mean))
      throw new EstimateInputError([{ path: 'project', message: `is out of all proportion with ${model}.` }]);
  }
}
