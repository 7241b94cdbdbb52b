import { RUN_OUTCOMES } from '@assay/contracts/grading-report';
import type { AttemptPolicy } from './evaluation-actions';
import { type RunStatus, type RunTimes, runStatus } from './grading-run';
import type { TransitionTable } from './transition-table';

export const SUBMISSION_STATUSES = ['received', 'queued', 'grading', ...RUN_OUTCOMES] as const;
export type SubmissionStatus = (typeof SUBMISSION_STATUSES)[number];

/** A submission that has no grade goes back to `received` when it is run again; a graded one stays graded, whatever a regrade says. */
export const SUBMISSION_TRANSITIONS: TransitionTable<SubmissionStatus> = {
  received: ['queued', 'grading', ...RUN_OUTCOMES],
  queued: ['grading', ...RUN_OUTCOMES],
  grading: RUN_OUTCOMES,
  graded: [],
  ungradable: ['received'],
  timed_out: ['received'],
  infra_fault: ['received'],
  cancelled: ['received'],
};

const STATUS_OF_RUN: Readonly<Record<RunStatus, SubmissionStatus>> = {
  pending: 'received',
  queued: 'queued',
  running: 'grading',
  graded: 'graded',
  ungradable: 'ungradable',
  timed_out: 'timed_out',
  infra_fault: 'infra_fault',
  cancelled: 'cancelled',
};

/**
 * A submission's status, which is that of its latest run.
 *
 * @param latestRun of its own, not one of a regrade; null while no run was made yet
 */
export function submissionStatus(latestRun: RunTimes | null): SubmissionStatus {
  return latestRun === null ? 'received' : STATUS_OF_RUN[runStatus(latestRun)];
}

/** True when nothing more will happen to the submission by itself. */
export function isSettled(status: SubmissionStatus): boolean {
  return RUN_OUTCOMES.some((outcome) => outcome === status);
}

const SENTENCES: Readonly<Record<Exclude<SubmissionStatus, 'ungradable' | 'timed_out'>, string>> = {
  received: 'Your submission has arrived and is stored.',
  queued: 'Your submission waits for a free grader.',
  grading: 'Your submission is being graded.',
  graded: 'Your submission has been graded.',
  infra_fault:
    'Grading failed on our side, not because of your work. This did not use up an attempt; the organisation has been told.',
  cancelled: 'Grading was cancelled by the organisation. This did not use up an attempt.',
};

/** What a candidate reads beside the status. The reason for `ungradable` and `timed_out` stands in the run's own message. */
export function submissionSentence(status: SubmissionStatus, policy: Pick<AttemptPolicy, 'unstartableUsesAttempt'>): string {
  if (status !== 'ungradable' && status !== 'timed_out') return SENTENCES[status];
  const what =
    status === 'ungradable' ? 'Your project could not be graded.' : 'Your project did not finish within the time limit.';
  const cost = policy.unstartableUsesAttempt
    ? 'by the rules of this evaluation it used up an attempt.'
    : 'this did not use up an attempt, you may fix it and submit again.';
  return `${what} See the reason; ${cost}`;
}
