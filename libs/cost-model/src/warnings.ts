import { type AssumptionSet, isRange } from './assumption';
import type { ModelParameters, ModelResult } from './formulas';
import { toDecimals } from './money';
import type { Project } from './project';

/** Sentences that a person should read before trusting an estimate. */
export function warningsFor(
  project: Project,
  models: readonly { readonly parameters: ModelParameters; readonly result: ModelResult }[],
  set: AssumptionSet,
): string[] {
  const warnings = models.flatMap(({ parameters, result }) => modelWarnings(parameters, result, set));
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

function engagementWarning(result: ModelResult, set: AssumptionSet): string[] {
  const engagement = set.use('C2');
  const months = result.intermediate.Dw;
  if (!isRange(engagement) || (months >= engagement.low && months <= engagement.high)) return [];
  return [
    `Freelance fits engagements of ${engagement.low} to ${engagement.high} months (C2); this one works ${toDecimals(months, 1)} months.`,
  ];
}
