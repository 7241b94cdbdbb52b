import { adviceFor } from './advice-rules';
import { type Assumption, AssumptionSet, pointOf } from './assumption';
import type { BreakEven } from './break-even';
import { cashFlow } from './cash-flow';
import { decimalsOf, type ExchangeRate, fromDollars, MOST_UNITS } from './currency';
import { type EvaluatedModel, estimateProject, evaluateModels, type ModelEstimate } from './estimate';
import type { EstimateInput } from './estimate-input';
import type { EstimateReport, ReportedModel } from './estimate-report';
import { frameworkFit } from './framework-fit';
import { EstimateInputError } from './input-error';
import { MODEL_VERSION } from './model-version';
import { reportBreakdown } from './reported-breakdown';
import { type Simulation, simulate } from './simulation/simulate';
import type { Distribution, Percentile } from './simulation/summary';
import { type Tornado, type TornadoBar, tornadoOf } from './simulation/tornado';
import { startTimeOf } from './start-time';
import { scopeWarnings } from './warnings-of-need';

/** What the simulation is calculated with beside the formulas' own assumptions. */
const OF_SIMULATION = ['effort.ln_mean', 'effort.ln_deviation'];

/**
 * Point estimate, simulation, tornado, cash flow, framework fit and advice in one. Takes as long as its simulation.
 *
 * @param onProgress told the share of the draws that are done, 0..1, about fifty times
 * @throws EstimateInputError naming each field at fault
 */
export function reportEstimate(input: EstimateInput, onProgress?: (share: number) => void): EstimateReport {
  const { need, project, situation, frameworkNeed, assumptions, exchangeRate } = input;
  const estimate = estimateProject(project, assumptions);
  const set = new AssumptionSet(assumptions);
  const evaluated = evaluateModels(project, set);
  const dollars = estimate.models.map(({ model }) => evaluated[model].result.total);
  refuseInexact(
    dollars.map((total) => total * exchangeRate.perDollar),
    exchangeRate,
  );
  const simulation = simulate(project, assumptions, { ...input.simulation, onProgress });
  const tornados = tornadoOf(project, assumptions);
  const models = estimate.models.map((model): ReportedModel => {
    const { parameters } = evaluated[model.model];
    const start = startTimeOf(parameters, project, assumptions, situation.startWithinMonths);
    return { ...reportModel(model, evaluated[model.model], simulation, tornados, exchangeRate), start };
  });
  refuseInexact(models.flatMap(largestOf), exchangeRate);
  const { currency } = exchangeRate;
  const framework = frameworkNeed && frameworkFit(frameworkNeed, pointOf(set.use('C9')));
  const advice = adviceFor(
    { situation, seats: project.seats, currency, models, pairs: simulation.pairs, draws: simulation.draws },
    set,
  );
  for (const id of OF_SIMULATION) set.use(id);
  return {
    ...{ modelVersion: MODEL_VERSION, currency, exchangeRate, need, situation, project, models },
    breakEvens: estimate.breakEvens.map((each) => convertBreakEven(each, exchangeRate)),
    simulation: { draws: simulation.draws, seed: simulation.seed, pairs: simulation.pairs, varied: simulation.varied },
    claims: estimate.claims,
    ...{ framework, advice },
    warnings: [...scopeWarnings(need, project), ...estimate.warnings],
    assumptions: usedOf(assumptions, [...estimate.assumptions, ...set.used()]),
  };
}

/** Sums are exact, and amounts told to their last digit, as long as every amount is. */
function refuseInexact(amounts: readonly number[], { currency }: ExchangeRate): void {
  const largest = Math.max(...amounts);
  if (largest * 10 ** decimalsOf(currency) < MOST_UNITS) return;
  const message = `${currency} has no room for ${largest.toPrecision(3)} to its smallest unit; estimate in another currency.`;
  throw new EstimateInputError([{ path: 'currency', message }]);
}

/** What a model may cost that is more than its total. */
function largestOf({ cost, tornado }: ReportedModel): number[] {
  return [cost.mean, cost.p90.high, ...tornado.flatMap(({ low, high }) => [low.total, high.total])];
}

function usedOf(all: readonly Assumption[], used: readonly Assumption[]): Assumption[] {
  const ids = new Set(used.map(({ id }) => id));
  return all.filter(({ id }) => ids.has(id)).map((assumption) => ({ ...assumption }));
}

function reportModel(
  estimate: ModelEstimate,
  { parameters, result }: EvaluatedModel,
  simulation: Simulation,
  tornados: readonly Tornado[],
  rate: ExchangeRate,
): Omit<ReportedModel, 'start'> {
  const { model, monthsToStart, deliveryMonths, intermediate } = estimate;
  const simulated = simulation.models.find((each) => each.model === model) as Simulation['models'][number];
  const tornado = tornados.find((each) => each.model === model) as Tornado;
  const total = fromDollars(result.total, rate);
  const breakdown = reportBreakdown(result.breakdown, total, rate);
  return {
    ...{ model, total, breakdown, monthsToStart, deliveryMonths, intermediate },
    cost: convertDistribution(simulated.cost, rate),
    abovePoint: simulated.abovePoint,
    delivery: simulated.delivery,
    tornado: tornado.bars.map((bar) => convertBar(bar, rate)),
    cashFlow: cashFlow(parameters, result, breakdown, rate.currency),
  };
}

/** Bins are cut in dollars, so their edges are not rounded. */
function convertDistribution(cost: Distribution, rate: ExchangeRate): Distribution {
  const money = (dollars: number): number => fromDollars(dollars, rate);
  const percentile = ({ value, low, high }: Percentile): Percentile => ({
    value: money(value),
    low: money(low),
    high: money(high),
  });
  const { histogram } = cost;
  return {
    ...cost,
    mean: money(cost.mean),
    p10: percentile(cost.p10),
    p50: percentile(cost.p50),
    p90: percentile(cost.p90),
    histogram: { ...histogram, from: histogram.from * rate.perDollar, width: histogram.width * rate.perDollar },
  };
}

function convertBar(bar: TornadoBar, rate: ExchangeRate): TornadoBar {
  const money = (dollars: number): number => fromDollars(dollars, rate);
  return {
    ...bar,
    low: { ...bar.low, total: money(bar.low.total) },
    high: { ...bar.high, total: money(bar.high.total) },
    swing: money(bar.swing),
  };
}

function convertBreakEven(breakEven: BreakEven, rate: ExchangeRate): BreakEven {
  const { cost, further } = breakEven;
  return {
    ...breakEven,
    cost: cost === null ? null : fromDollars(cost, rate),
    further: further.map((crossing) => ({ ...crossing, cost: fromDollars(crossing.cost, rate) })),
  };
}
