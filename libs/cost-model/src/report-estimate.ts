import { adviceFor } from './advice';
import { AssumptionSet, pointOf } from './assumption';
import { cashFlow, type MonthOfCost } from './cash-flow';
import { type ExchangeRate, fromDollars } from './currency';
import { type EvaluatedModel, estimateProject, evaluateModels, type ModelEstimate } from './estimate';
import type { EstimateInput } from './estimate-input';
import type { EstimateReport, ReportedBreakdown, ReportedModel } from './estimate-report';
import { frameworkFit } from './framework-fit';
import { type Simulation, simulate } from './simulation/simulate';
import type { Distribution, Percentile } from './simulation/summary';
import { type Tornado, type TornadoBar, tornadoOf } from './simulation/tornado';

/** Cash flows that take longer are not told month by month. */
const MOST_MONTHS_SHOWN = 240;

/**
 * Point estimate, simulation, tornado, cash flow, framework fit and advice in one. Takes as long as its simulation.
 *
 * @param onProgress told the share of the draws that are done, 0..1, about fifty times
 * @throws EstimateInputError naming each field at fault
 */
export function reportEstimate(input: EstimateInput, onProgress?: (share: number) => void): EstimateReport {
  const { project, assumptions, exchangeRate } = input;
  const estimate = estimateProject(project, assumptions);
  const set = new AssumptionSet(assumptions);
  const evaluated = evaluateModels(project, set);
  const simulation = simulate(project, assumptions, { ...input.simulation, onProgress });
  const tornados = tornadoOf(project, assumptions);
  return {
    currency: exchangeRate.currency,
    exchangeRate,
    project,
    models: estimate.models.map((model) => reportModel(model, evaluated[model.model], simulation, tornados, exchangeRate)),
    breakEvens: estimate.breakEvens,
    simulation: { draws: simulation.draws, seed: simulation.seed, pairs: simulation.pairs, varied: simulation.varied },
    claims: estimate.claims,
    framework: input.frameworkNeed && frameworkFit(input.frameworkNeed, pointOf(set.look('C9'))),
    advice: adviceFor(input.situation, estimate, simulation, set),
    warnings: estimate.warnings,
    assumptions: estimate.assumptions,
  };
}

function reportModel(
  estimate: ModelEstimate,
  { parameters, result }: EvaluatedModel,
  simulation: Simulation,
  tornados: readonly Tornado[],
  rate: ExchangeRate,
): ReportedModel {
  const { model, monthsToStart, deliveryMonths, intermediate } = estimate;
  const simulated = simulation.models.find((each) => each.model === model) as Simulation['models'][number];
  const tornado = tornados.find((each) => each.model === model) as Tornado;
  const total = fromDollars(result.total, rate);
  const isShort = intermediate.D <= MOST_MONTHS_SHOWN;
  return {
    ...{ model, total, monthsToStart, deliveryMonths, intermediate },
    breakdown: reportBreakdown(total, estimate, rate),
    cost: convert(simulated.cost, rate),
    delivery: simulated.delivery,
    tornado: tornado.bars.map((bar) => convertBar(bar, rate)),
    cashFlow: isShort ? convertMonths(cashFlow(parameters, result).months) : null,
  };
}

function reportBreakdown(total: number, { breakdown }: ModelEstimate, rate: ExchangeRate): ReportedBreakdown {
  const { labour, management, recruiting, vacancy, equipment } = breakdown;
  const lines = {
    labour: fromDollars(labour, rate),
    management: fromDollars(management, rate),
    recruiting: fromDollars(recruiting, rate),
    vacancy: fromDollars(vacancy, rate),
    equipment: fromDollars(equipment, rate),
  };
  const sum = Object.values(lines).reduce((all, line) => all + line, 0);
  return { ...lines, rounding: fromDollars(total - sum, { ...rate, perDollar: 1 }) };
}

function convert(cost: Distribution, rate: ExchangeRate): Distribution {
  const money = (dollars: number): number => fromDollars(dollars, rate);
  const percentile = ({ value, low, high }: Percentile): Percentile => ({
    value: money(value),
    low: money(low),
    high: money(high),
  });
  const { histogram } = cost;
  return {
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

function convertMonths(months: readonly MonthOfCost[]): readonly MonthOfCost[] {
  return months;
}
