import { formatShare } from '@assay/cost-model/money';
import { type Project, SENIORITIES } from '@assay/cost-model/project';
import type { ExportedEstimate } from './exported-estimate';
import { figure } from './words';

/** What was asked, in one line: role, size, seats, seniority, framework. */
export function askedOf({ report }: ExportedEstimate): string {
  const { need, project } = report;
  const { hours, seats, joins, hoursPerMonth, seniorityMix, framework } = project;
  const scope = need && 'teamSize' in need.scope ? need.scope : null;
  const team = scope && `${counted(scope.teamSize, 'person', 'people')} for ${counted(scope.months, 'month', 'months')}`;
  const work = `${figure(hours)} productive hours`;
  const mix = SENIORITIES.filter((level) => (seniorityMix?.[level] ?? 0) > 0);
  return [
    ...(need?.role ? [need.role] : []),
    team ? `${team} = ${work}` : work,
    counted(seats, 'seat', 'seats') + wavesOf(joins),
    ...(hoursPerMonth === null ? [] : [`${figure(hoursPerMonth)} hours per seat and month`]),
    mix.length === 0
      ? 'seniority not specified'
      : mix.map((level) => `${formatShare(seniorityMix?.[level] ?? 0)} ${level}`).join(', '),
    framework === 'flask' ? 'Flask' : 'Django',
  ].join(' · ');
}

/** ` (2 at once, 1 from month 3)`, nothing when all start together. */
function wavesOf(joins: Project['joins']): string {
  if (!joins || joins.length < 2) return '';
  return ` (${joins.map(({ month, seats }) => (month === 0 ? `${seats} at once` : `${seats} from month ${figure(month)}`)).join(', ')})`;
}

function counted(count: number, one: string, many: string): string {
  return `${figure(count)} ${count === 1 ? one : many}`;
}

/** What the estimate is called on paper. */
export function titleOf({ name, report }: ExportedEstimate): string {
  return name?.trim() || report.need?.role || 'Hiring-model cost estimate';
}
