import type { EstimateReport } from '@assay/cost-model/estimate-report';
import type { Distribution } from '@assay/cost-model/simulation/summary';
import type { Row } from './columns';
import type { Cell } from './csv-text';
import { moneyOf } from './result-rows';

const PERCENTILES = ['p10', 'p50', 'p90'] as const;

/** Percentiles with the 95% interval of their simulation error, P(A cheaper than B), and what moves each model most. */
export function simulationRows(report: EstimateReport): Row[] {
  const money = moneyOf(report);
  const unit = report.currency;
  return [
    ...report.models.flatMap(({ model, cost, delivery, abovePoint }): Row[] => [
      ...distributionRows({ section: 'cost_range', item: '', model, unit }, cost, money),
      { section: 'cost_range', item: 'above_total', model, value: abovePoint, unit: 'share' },
      ...distributionRows({ section: 'delivery_range', item: '', model, unit: 'months' }, delivery, (months) => months),
    ]),
    ...report.simulation.pairs.map(({ models: [model, other_model], firstCheaper, standardError }): Row => {
      const note = `share of draws in which model is cheaper than other_model; standard error ${standardError.toPrecision(2)}`;
      return { section: 'cheaper', item: 'share_of_draws', model, other_model, value: firstCheaper, unit: 'share', note };
    }),
    ...report.models.flatMap(({ model, tornado }) =>
      tornado.flatMap(({ inputId: item, claim, unit: inputUnit, low, high, swing }): Row[] => [
        {
          ...{ section: 'tornado', item, model, unit, note: claim },
          ...{ value: money(swing), low: money(low.total), high: money(high.total) },
        },
        { section: 'tornado_input', item, model, low: low.value, high: high.value, unit: inputUnit, note: claim },
        {
          section: 'tornado_delivery',
          item,
          model,
          low: low.deliveryMonths,
          high: high.deliveryMonths,
          unit: 'months',
          note: claim,
        },
      ]),
    ),
  ];
}

function distributionRows(row: Row, distribution: Distribution, shown: (value: number) => Cell): Row[] {
  return [
    ...PERCENTILES.map((item): Row => {
      const { value, low, high } = distribution[item];
      return { ...row, item, value: shown(value), low: shown(low), high: shown(high) };
    }),
    { ...row, item: 'mean', value: shown(distribution.mean) },
  ];
}

/** Draws counted in bins of equal width, `low` to `high`. */
export function histogramRows({ models, currency }: EstimateReport): Row[] {
  const rows = (row: Row, { from, width, counts, below, above }: Distribution['histogram']): Row[] => [
    { ...row, item: 'below', high: from, value: below },
    ...counts.map((value, index): Row => {
      return { ...row, item: String(index + 1), low: from + index * width, high: from + (index + 1) * width, value };
    }),
    { ...row, item: 'above', low: from + counts.length * width, value: above },
  ];
  return models.flatMap(({ model, cost, delivery }) => [
    ...rows({ section: 'cost_histogram', item: '', model, unit: 'draws', note: `low and high in ${currency}` }, cost.histogram),
    ...rows(
      { section: 'delivery_histogram', item: '', model, unit: 'draws', note: 'low and high in months' },
      delivery.histogram,
    ),
  ]);
}
