import { SENIORITIES } from '@assay/cost-model/project';
import type { ExportedEstimate } from '../exported-estimate';
import type { Row } from './columns';

const SITUATION_WORDS = {
  isWellDefined: 'what is to be built is settled',
  isCoreProduct: 'it is the product that the organisation lives on',
  keepsArchitect: 'the architecture stays with somebody of the organisation',
} as const;
const SITUATION = Object.keys(SITUATION_WORDS) as (keyof typeof SITUATION_WORDS)[];

/** What was asked, of whom it is known, and what repeats it: id, time, hours, seats, exchange rate, draws and seed. */
export function headRows({ id, name, createdAt, assumptionSet, report }: ExportedEstimate): Row[] {
  const { need, project, simulation, exchangeRate, framework } = report;
  const words = (item: string, note: string | null): Row[] => (note === null ? [] : [{ section: 'estimate', item, note }]);
  const number = (item: string, value: number | null, unit: string): Row[] =>
    value === null ? [] : [{ section: 'estimate', item, value, unit }];
  const scope = need && 'teamSize' in need.scope ? need.scope : null;
  return [
    ...words('id', id),
    ...words('name', name),
    ...words('made_at', createdAt),
    ...words('role', need?.role ?? null),
    ...words('currency', report.currency),
    ...number('hours', project.hours, 'productive hours'),
    ...number('team_size', scope?.teamSize ?? null, 'people'),
    ...number('duration', scope?.months ?? null, 'months'),
    ...number('seats', project.seats, 'seats'),
    ...(project.joins ?? []).map(({ month, seats }): Row => {
      return {
        section: 'estimate',
        item: 'joining',
        month,
        value: seats,
        unit: 'seats',
        note: 'months after the first ones start',
      };
    }),
    ...number('hours_per_month', project.hoursPerMonth, 'productive hours per seat and month'),
    ...SENIORITIES.flatMap((level) => number(`share_${level}`, project.seniorityMix?.[level] ?? null, 'share of seats')),
    ...number('start_within', report.situation.startWithinMonths, 'months'),
    ...SITUATION.flatMap((item) => (report.situation[item] ? words('situation', SITUATION_WORDS[item]) : [])),
    ...words('framework', project.framework),
    ...words('framework_fit', framework && `${framework.fit}: ${framework.reason}`),
    ...words('assumption_set', assumptionSet && `${assumptionSet.name}, version ${assumptionSet.version}`),
    ...number('draws', simulation.draws, 'draws'),
    ...number('seed', simulation.seed, 'seed'),
    ...number('model_version', report.modelVersion, 'version of the cost model'),
    {
      section: 'exchange_rate',
      item: exchangeRate.currency,
      value: exchangeRate.perDollar,
      unit: `${exchangeRate.currency} per USD`,
      source: exchangeRate.source,
      date: exchangeRate.date,
    },
  ];
}
