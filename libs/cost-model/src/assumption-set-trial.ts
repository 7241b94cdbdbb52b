import type { Assumption } from './assumption';
import { estimateProject } from './estimate';
import { EstimateInputError } from './input-error';
import { parseProject } from './project';

/** Projects of an ordinary size; what cannot cost these is of no use. */
const TRIALS = [
  parseProject({ hours: 2700, seats: 3 }),
  parseProject({ hours: 2700, seats: 3, seniorityMix: { junior: 0.3, mid: 0.4, senior: 0.3 } }),
];

/**
 * Estimates ordinary projects with assumptions that are right one by one, and refuses them when that gives nothing that can be meant.
 *
 * @param changes how many changes were made
 * @param after the assumptions after the first `count` of the changes
 * @throws EstimateInputError naming the first change after which nothing can be estimated, `assumptions.0` and so on
 */
export function assertUsable(changes: number, after: (count: number) => readonly Assumption[]): void {
  if (problemWith(after(changes)) === null) return;
  for (let count = 0; count <= changes; count += 1) {
    const problem = problemWith(after(count));
    if (problem === null) continue;
    const path = count === 0 ? 'assumptions' : `assumptions.${count - 1}`;
    throw new EstimateInputError([
      { path, message: `leaves nothing that an ordinary project can be estimated with: ${problem}` },
    ]);
  }
}

function problemWith(assumptions: readonly Assumption[]): string | null {
  try {
    for (const project of TRIALS) estimateProject(project, assumptions);
    return null;
  } catch (error) {
    if (error instanceof EstimateInputError) return error.message;
    throw error;
  }
}
