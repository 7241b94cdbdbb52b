import { parseSituation } from './advice';
import type { Assumption } from './assumption';
import { DOLLAR } from './currency';
import { EstimateInputError } from './input-error';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';

/** Projects of an ordinary size; what cannot cost these is of no use. */
const TRIALS = [
  parseProject({ hours: 2700, seats: 3 }),
  parseProject({ hours: 2700, seats: 3, seniorityMix: { junior: 0.3, mid: 0.4, senior: 0.3 } }),
];
const NO_SITUATION = parseSituation({});
/** Enough to meet the ends of the ranges, few enough to take some milliseconds. */
const SIMULATION = { draws: 200, seed: 1 };

/**
 * Estimates ordinary projects, simulation and tornado included, with assumptions that are right one by one, and refuses them when that
 * gives nothing that can be meant.
 *
 * @param changes how many changes were made
 * @param after the assumptions after the first `count` of the changes
 * @throws EstimateInputError naming a change after which nothing can be estimated while before it something could: `assumptions.0` and
 *   so on; `assumptions` when nothing could before any of them
 */
export function assertUsable(changes: number, after: (count: number) => readonly Assumption[]): void {
  const problem = problemWith(after(changes));
  if (problem === null) return;
  let [fine, bad] = [-1, changes];
  while (bad - fine > 1) {
    const middle = Math.floor((fine + bad) / 2);
    if (problemWith(after(middle)) === null) fine = middle;
    else bad = middle;
  }
  const path = bad === 0 ? 'assumptions' : `assumptions.${bad - 1}`;
  throw new EstimateInputError([{ path, message: `leaves nothing that an ordinary project can be estimated with: ${problem}` }]);
}

function problemWith(assumptions: readonly Assumption[]): string | null {
  try {
    for (const project of TRIALS) {
      reportEstimate({
        ...{ need: null, project, situation: NO_SITUATION, frameworkNeed: null, assumptions },
        ...{ exchangeRate: DOLLAR, simulation: SIMULATION },
      });
    }
    return null;
  } catch (error) {
    if (error instanceof EstimateInputError) return error.message;
    throw error;
  }
}
