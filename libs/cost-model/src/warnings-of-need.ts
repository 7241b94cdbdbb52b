import type { HiringNeed } from './hiring-need';
import { formatNumber, toDecimals } from './money';
import type { Project } from './project';

/** What a hiring manager should know of how the need became a project. */
export function scopeWarnings(need: HiringNeed | null, project: Project): string[] {
  if (need === null || !('teamSize' in need.scope) || need.scope.teamSize === project.seats) return [];
  const { teamSize, months } = need.scope;
  const hours = formatNumber(project.hours, Number.isInteger(project.hours) ? 0 : 2);
  const seats = project.seats === 1 ? '1 seat does' : `${project.seats} seats do`;
  return [
    `The scope is reckoned as ${toDecimals(teamSize, 2)} engineers for ${toDecimals(months, 2)} months, ${hours} hours; ${seats} all of them.`,
  ];
}
