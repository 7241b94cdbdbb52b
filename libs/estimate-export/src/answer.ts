import { decimalsOf } from '@assay/cost-model/currency';
import type { EstimateReport, ReportedModel } from '@assay/cost-model/estimate-report';
import { formatNumber, formatShare } from '@assay/cost-model/money';
import type { HiringModel } from '@assay/cost-model/project';
import { cheaperShare } from '@assay/cost-model/simulation/summary';
import { meanOverrun } from '@assay/cost-model/simulation/uncertain-inputs';
import { figure, MODEL_NAMES } from './words';

/** What a manager reads first. */
export interface Answer {
  readonly headline: string;
  /** How sure, how soon, and how to read it. */
  readonly sentences: readonly string[];
}

/** Above it one model is called likely cheaper, above the second very likely. The first is that of the advice (docs/COST-MODEL.md). */
const [LIKELY, VERY_LIKELY] = [0.8, 0.95];

/** Which model is cheapest, by how much and how sure, and which one delivers first. */
export function answerOf(report: EstimateReport): Answer {
  const ranked = [...report.models].sort((a, b) => a.total - b.total);
  const [first, second] = ranked;
  if (!first) return { headline: 'No hiring model was asked for.', sentences: [] };
  const money = (amount: number): string => `${report.currency} ${formatNumber(amount, decimalsOf(report.currency))}`;
  return {
    headline: headlineOf(first, second, money),
    sentences: [
      ...(second ? sureness(first, second, ranked, report) : []),
      rangeOf(first, report.currency),
      ...(second ? soonest(first, report.models) : []),
      ...switchedOn(report),
      ...overrun(report, first),
    ],
  };
}

function headlineOf(first: ReportedModel, second: ReportedModel | undefined, money: (amount: number) => string): string {
  const name = MODEL_NAMES[first.model];
  if (!second) return `${name} costs ${money(first.total)}.`;
  const less = second.total - first.total;
  if (less === 0) return `${name} and ${inSentence(second.model)} cost the same: ${money(first.total)}.`;
  const share = second.total > 0 ? ` (${formatShare(less / second.total)})` : '';
  return `${name} is cheapest: ${money(first.total)}, ${money(less)}${share} less than ${inSentence(second.model)}.`;
}

function sureness(
  first: ReportedModel,
  second: ReportedModel,
  ranked: readonly ReportedModel[],
  { simulation }: EstimateReport,
): string[] {
  const against = ranked.slice(1).map(({ model }) => ({ model, share: cheaperShare(simulation.pairs, first.model, model) }));
  const list = against.map(({ model, share }) => `${inSentence(model)} in ${formatShare(share)}`).join(', ');
  const least = against.reduce((low, each) => (each.share < low.share ? each : low));
  const facts = `It is cheaper than ${list} of ${formatNumber(simulation.draws, 0)} simulated projects.`;
  return [facts, verdict(least.share, inSentence(least.model), inSentence(second.model))];
}

function verdict(share: number, closest: string, next: string): string {
  if (share >= VERY_LIKELY) return 'That is very likely to hold.';
  if (share >= LIKELY) return 'That is likely to hold.';
  if (share > 1 - LIKELY) return `Too close to call against ${closest}: the assumptions are too wide to say which is cheaper.`;
  return `But most simulated projects favour ${closest === next ? next : closest}: the ranges lean the other way than the point estimate.`;
}

function rangeOf({ cost }: ReportedModel, currency: string): string {
  if (cost.p10.value === cost.p90.value) return 'No figure behind it has a range, so that simulated projects all cost the same.';
  return `In 8 of 10 simulated projects it costs ${currency} ${formatNumber(cost.p10.value, 0)} to ${formatNumber(cost.p90.value, 0)}.`;
}

function soonest(first: ReportedModel, models: readonly ReportedModel[]): string[] {
  const fastest = models.reduce((low, each) => (each.deliveryMonths < low.deliveryMonths ? each : low));
  const own = `It delivers after ${figure(Number(first.deliveryMonths.toFixed(1)))} months`;
  if (fastest.model === first.model) return [`${own}, the soonest.`];
  const other = `${inSentence(fastest.model)} would after ${figure(Number(fastest.deliveryMonths.toFixed(1)))}`;
  return [`${own}; ${other}.`];
}

/** A result that follows a vendor's own figure says so where it is read first. */
function switchedOn({ claims }: EstimateReport): string[] {
  const ids = claims.filter(({ enabled }) => enabled).map(({ id }) => id);
  return ids.length === 0 ? [] : [`The figures follow vendors' claims that somebody switched on: ${ids.join(', ')}.`];
}

function overrun({ simulation, assumptions }: EstimateReport, { abovePoint }: ReportedModel): string[] {
  if (!simulation.varied.includes('effort')) return [];
  const hours = meanOverrun(assumptions) > 0 ? 'overrun them as projects do' : 'take fewer on average';
  return [
    `The estimate takes the hours as given; simulated projects ${hours}, and ${formatShare(abovePoint)} cost more than it.`,
  ];
}

function inSentence(model: HiringModel): string {
  return MODEL_NAMES[model].toLowerCase();
}
