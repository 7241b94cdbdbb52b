import type { Assumption } from '@assay/cost-model/assumption';
import type { ChangeAuthor } from '@assay/cost-model/assumption-set-changes';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { EstimateInputError, type InputProblem } from '@assay/cost-model/input-error';
import { overrideAssumptions } from '@assay/cost-model/override-assumptions';
import { parseProjectOrNeed } from '@assay/cost-model/project-or-need';
import { parseSimulationOptions } from '@assay/cost-model/simulation/simulate';

/** Fields of a body that say what to estimate, not yet looked into. */
export interface EstimateRequest {
  readonly project?: object | null;
  readonly need?: object | null;
  readonly situation?: object | null;
  readonly framework?: object | null;
  readonly assumptions?: readonly object[];
  readonly simulation?: { readonly draws?: unknown; readonly seed?: unknown } | null;
}

/**
 * What a request asks to estimate, but for its currency.
 *
 * @param assumptions those of the model or of a set, which the request's own stand on top of
 * @throws EstimateInputError with every problem found, each naming its field
 */
export function readEstimateRequest(
  { project, need, situation, framework, ...asked }: EstimateRequest,
  assumptions: readonly Assumption[],
  { by, day }: ChangeAuthor,
): Omit<EstimateInput, 'exchangeRate'> {
  const problems: InputProblem[] = [];
  const own = collect(problems, () => overrideAssumptions(assumptions, asked.assumptions ?? [], by, day)) ?? assumptions;
  const work = collect(problems, () =>
    parseProjectOrNeed({ project: project && given(project), need: need && given(need), situation, framework }, own),
  );
  const simulation = collect(problems, () => parseSimulationOptions(asked.simulation ?? {}), 'simulation.');
  if (problems.length > 0 || !work || !simulation) throw new EstimateInputError(problems);
  return { ...work, assumptions: own, simulation };
}

/** Without the fields that were left out, which an instance of a class has all the same. */
function given(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What was read, or null and its problems noted. @param prefix of the paths at which they are told */
function collect<T>(problems: InputProblem[], read: () => T, prefix = ''): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    problems.push(...error.problems.map(({ path, message }) => ({ path: `${prefix}${path}`, message })));
    return null;
  }
}
