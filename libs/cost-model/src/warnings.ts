import { type AssumptionSet, isRange } from './assumption';
import type { ModelParameters, ModelResult } from './formulas';
import { nameAtStart } from './model-names';
import { toDecimals } from './money';
import type { Project } from './project';

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

function engagementWarning(result: ModelResult, set: AssumptionSet): string[] {
  const engagement = set.use('C2');
  const months = result.intermediate.Dw;
  if (!isRange(engagement) || (months >= engagement.low && months <= engagement.high)) return [];
  return [
    `Freelance fits engagements of ${engagement.low} to ${engagement.high} months (C2); this one works ${toDecimals(months, 1)} months.`,
  ];
}
