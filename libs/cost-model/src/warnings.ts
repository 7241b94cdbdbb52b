import { type AssumptionSet, isRange } from './assumption';
import type { ModelParameters, ModelResult } from './formulas';
import { nameAtStart } from './model-names';
import { toDecimals } from './money';
import type { Project } from './project';

/** A salary of which less is left out, or counted too much, is costed well enough. */
const SALARY_TOLERANCE = 0.01;

/** Sentences that a person should read before trusting an estimate. */
export function warningsFor(
  project: Project,
  models: readonly { readonly parameters: ModelParameters; readonly result: ModelResult }[],
  set: AssumptionSet,
): string[] {
  const warnings = models.flatMap(({ parameters, result }) => [
    ...modelWarnings(parameters, result, set),
    ...lateJoinWarning(parameters, result, project),
  ]);
  warnings.push(...salaryWarning(models, set));
  if (project.framework === 'flask' && !set.look('C9').enabled) {
    warnings.push('The hours are taken as given for Flask; claim C9 (vendor) would change them and is switched off.');
  }
  return warnings;
}

function modelWarnings(parameters: ModelParameters, result: ModelResult, set: AssumptionSet): string[] {
  if (parameters.model === 'freelance') return engagementWarning(result, set);
  if (parameters.model === 'hybrid' && parameters.seats === 0) {
    return ['With one seat, the hybrid is the architect alone.'];
  }
  return [];
}

/** All planned seats are a commitment, those too that join when nothing is left to do. */
function lateJoinWarning({ model, monthsToStart }: ModelParameters, { intermediate }: ModelResult, project: Project): string[] {
  const worked = intermediate.D - monthsToStart;
  const late = (project.joins ?? []).filter(({ month }) => month >= worked).reduce((sum, { seats }) => sum + seats, 0);
  if (late === 0) return [];
  const who = `${late} of the ${project.seats} seats join${late === 1 ? 's' : ''}`;
  return [
    `${nameAtStart(model)} finishes ${toDecimals(worked, 1)} months after the first start, before ${who}; hiring them is costed all the same.`,
  ];
}

/** A salary is divided by the hours worked in a year, so a year's productive hours pay the whole of it only where the two agree. */
function salaryWarning(models: readonly { readonly parameters: ModelParameters }[], set: AssumptionSet): string[] {
  const employer = models.find(({ parameters: { model } }) => model === 'in_house' || model === 'hybrid');
  if (!employer) return [];
  const [productive, worked] = [12 * employer.parameters.hoursPerMonth, set.point('worked_hours_per_year')];
  const paid = productive / worked;
  if (Math.abs(paid - 1) <= SALARY_TOLERANCE) return [];
  const share = `${toDecimals(paid * 100, 0)}%`;
  return [
    `Salaries are divided by ${worked} hours worked a year (worked_hours_per_year), and twelve months have ${toDecimals(productive, 1)} productive ones (h): a year of work is costed at ${share} of the salary. Set one to the other to cost all of it.`,
  ];
}

function engagementWarning(result: ModelResult, set: AssumptionSet): string[] {
  const engagement = set.use('C2');
  const months = result.intermediate.Dw;
  if (!isRange(engagement) || (months >= engagement.low && months <= engagement.high)) return [];
  return [
    `Freelance fits engagements of ${engagement.low} to ${engagement.high} months (C2); this one works ${toDecimals(months, 1)} months.`,
  ];
}
