import type { CheckResult, Visibility } from '@assay/contracts/grading-report';
import type { CheckDefinition } from '@assay/task-pack/task-definition';

/** The first check, in the order of `needs`, that must have passed and did not; null when all did. */
export function unmetNeed(definition: CheckDefinition, done: readonly CheckResult[]): CheckResult | null {
  for (const need of definition.needs ?? []) {
    const result = done.find(({ id }) => id === need);
    if (result && result.status !== 'passed') return result;
  }
  return null;
}

/** The result of a check that did not run: it would only fail once more for the reason for which `unmet` did not pass. */
export function skippedCheck(definition: CheckDefinition, unmet: CheckResult): CheckResult {
  const { id, title, criterion, level, points, visibility } = definition;
  // A candidate may see this result at a time at which the other check is still hidden.
  const named = isVisibleAsEarly(unmet, definition) ? `"${unmet.title}"` : 'a check that it builds upon';
  return {
    id,
    title,
    criterion,
    level,
    points,
    status: 'skipped',
    visibility,
    messageForCandidate: `Not checked, because ${named} did not pass.`,
    messageForReviewer: `Not run: it needs "${unmet.title}" (${unmet.id}), which ${SAID[unmet.status]}.`,
    evidence: { exchanges: [], records: [], measurements: {}, findings: [], locations: [] },
  };
}

const SAID: Readonly<Record<CheckResult['status'], string>> = {
  passed: 'passed',
  failed: 'failed',
  errored: 'could not be judged',
  skipped: 'was skipped itself',
};

/** How long. */
const HIDDEN_FOR: Readonly<Record<Visibility, number>> = { always: 0, after_submission: 1, after_decision: 2, never: 3 };

function isVisibleAsEarly(one: Pick<CheckResult, 'visibility'>, other: Pick<CheckResult, 'visibility'>): boolean {
  return HIDDEN_FOR[one.visibility] <= HIDDEN_FOR[other.visibility];
}
