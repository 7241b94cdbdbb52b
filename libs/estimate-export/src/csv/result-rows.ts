import type { Crossing } from '@assay/cost-model/break-even';
import { decimalsOf } from '@assay/cost-model/currency';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { linesOf } from '../lines';
import { MODEL_NAMES } from '../words';
import type { Row } from './columns';
import type { Cell } from './csv-text';

/** Writes amounts with all decimals of the report's currency: `0.50`. */
export function moneyOf({ currency }: EstimateReport): (amount: number) => Cell {
  const places = decimalsOf(currency);
  return (amount) => ({ digits: amount.toFixed(places) });
}

/** Totals, the lines that sum to them, and the months. */
export function costRows(report: EstimateReport): Row[] {
  const money = moneyOf(report);
  const unit = report.currency;
  return report.models.flatMap(({ model, total, breakdown, monthsToStart, start, deliveryMonths, intermediate }): Row[] => [
    { section: 'total', item: 'total', model, value: money(total), unit },
    ...linesOf(breakdown).map(({ line, amount }): Row => ({ section: 'line', item: line, model, value: money(amount), unit })),
    { section: 'time', item: 'months_to_start', model, value: monthsToStart, unit: 'months' },
    ...(['p10', 'p50', 'p90'] as const).map((item): Row => {
      return { section: 'start_range', item, model, value: start[item], unit: 'months' };
    }),
    ...(start.share === null
      ? []
      : [{ section: 'start_range', item: 'share_in_time', model, value: start.share, unit: 'share' }]),
    { section: 'time', item: 'working_months', model, value: intermediate.Dw, unit: 'months' },
    { section: 'time', item: 'delivery_months', model, value: deliveryMonths, unit: 'months' },
    { section: 'time', item: 'exits', model, value: intermediate.X, unit: 'people' },
    { section: 'time', item: 'hours_worked', model, value: intermediate.W, unit: 'hours' },
  ]);
}

/** The lines of every month, which sum to those of the estimate; the running total stands in a section of its own. */
export function cashFlowRows(report: EstimateReport): Row[] {
  const money = moneyOf(report);
  const unit = report.currency;
  const note = 'takes too long to be told month by month';
  return report.models.flatMap(({ model, cashFlow }): Row[] => {
    if (cashFlow === null) return [{ section: 'cash_flow', item: 'none', model, note }];
    return cashFlow.flatMap(({ month, cost, cumulative }): Row[] => [
      ...linesOf(cost).map(({ line, amount }): Row => {
        return { section: 'cash_flow', item: line, model, month, value: money(amount), unit };
      }),
      { section: 'cash_flow_cumulative', item: 'cumulative', model, month, value: money(cumulative), unit },
    ]);
  });
}

/** Project sizes at which two models cost the same; without a value for never. */
export function breakEvenRows(report: EstimateReport): Row[] {
  const money = moneyOf(report);
  return report.breakEvens.flatMap(
    ({ models: [model, other_model], hours, months, cost, cheaperBelow, cheaperAbove, further }) => {
      const pair = { section: 'break_even', model, other_model };
      if (cheaperBelow === null || cheaperAbove === null) {
        return [{ ...pair, item: 'hours', unit: 'hours', note: 'always the same' }];
      }
      if (hours === null || months === null || cost === null) {
        const note = `never: by the point estimates, ${MODEL_NAMES[cheaperAbove].toLowerCase()} is always cheaper`;
        return [{ ...pair, item: 'hours', unit: 'hours', note }];
      }
      const rows = (suffix: string, at: Crossing, note: string): Row[] => [
        { ...pair, item: `hours${suffix}`, value: at.hours, unit: 'hours', note },
        { ...pair, item: `months${suffix}`, value: at.months, unit: 'months', note },
        { ...pair, item: `cost${suffix}`, value: money(at.cost), unit: report.currency, note },
      ];
      const note = `${MODEL_NAMES[cheaperBelow]} is cheaper below, ${MODEL_NAMES[cheaperAbove]} above`;
      return [
        ...rows('', { hours, months, cost, cheaperAbove }, note),
        ...further.flatMap((at, index) => rows(`_${index + 2}`, at, `${MODEL_NAMES[at.cheaperAbove]} is cheaper above`)),
      ];
    },
  );
}

/** Words beside the numbers. */
export function adviceRows({ advice, warnings }: EstimateReport): Row[] {
  return [
    ...warnings.map((note, index): Row => ({ section: 'warning', item: String(index + 1), note })),
    ...advice.map(({ rule, kind, models: [model, other_model], text, source }): Row => {
      return {
        section: 'advice',
        item: rule,
        model: model ?? null,
        other_model: other_model ?? null,
        source,
        note: `${kind}: ${text}`,
      };
    }),
  ];
}
