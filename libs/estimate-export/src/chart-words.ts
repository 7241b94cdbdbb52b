import type { EstimateReport, ReportedModel } from '@assay/cost-model/estimate-report';
import { formatNumber } from '@assay/cost-model/money';
import { fullInputName } from './input-names';
import { brief, MODEL_NAMES } from './words';

/** What the chart of ranges shows, for who cannot see it. */
export function rangesInWords({ models, currency }: EstimateReport): string {
  const ranges = models.map(({ model, total, cost, deliveryMonths, delivery }) => {
    const money = `${formatNumber(cost.p10.value, 0)} to ${formatNumber(cost.p90.value, 0)}, middle ${formatNumber(cost.p50.value, 0)}`;
    const months = `${formatNumber(deliveryMonths, 1)} months, ${formatNumber(delivery.p10.value, 1)} to ${formatNumber(delivery.p90.value, 1)}`;
    return `${MODEL_NAMES[model]}: ${money}, estimate ${formatNumber(total, 0)}; ${months}.`;
  });
  return `Cost in ${currency} and months to delivery, P10 to P90. ${ranges.join(' ')}`;
}

/** What the chart of spending shows: where each line ends. */
export function spendingInWords({ models, currency }: EstimateReport): string {
  const ends = models.map(({ model, total, cashFlow }) => {
    return `${MODEL_NAMES[model]}: ${cashFlow === null ? 'too long to show' : `${formatNumber(total, 0)} by month ${cashFlow.length}`}.`;
  });
  return `Spent by the end of each month in ${currency}. ${ends.join(' ')}`;
}

/** What the chart of swings shows: the totals at both ends of the widest of them. */
export function swingsInWords({ model, tornado }: ReportedModel, currency: string): string {
  const bars = tornado.slice(0, 5).map(({ inputId, claim, unit, low, high }) => {
    const input = `${fullInputName(inputId, claim)} from ${brief(low.value)} to ${brief(high.value)} ${unit}`;
    return `${input}: ${formatNumber(low.total, 0)} to ${formatNumber(high.total, 0)}.`;
  });
  return `What moves ${MODEL_NAMES[model].toLowerCase()} most, in ${currency}. ${bars.join(' ')}`;
}
