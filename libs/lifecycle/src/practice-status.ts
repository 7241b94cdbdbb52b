import { PRACTICE_OUTCOMES, type PracticeOutcome } from '@assay/contracts/practice-report';
import type { TransitionTable } from './transition-table';

export const PRACTICE_STATUSES = ['received', 'queued', 'running', ...PRACTICE_OUTCOMES] as const;
export type PracticeStatus = (typeof PRACTICE_STATUSES)[number];

/** What is stored of a practice run that its status follows from. */
export interface PracticeTimes {
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  /** Null until the run has ended. */
  readonly outcome: PracticeOutcome | null;
}

/** A report may overtake the news that the run was queued or started, so every unfinished status leads to every outcome. */
export const PRACTICE_TRANSITIONS: TransitionTable<PracticeStatus> = {
  received: ['queued', 'running', ...PRACTICE_OUTCOMES],
  queued: ['running', ...PRACTICE_OUTCOMES],
  running: PRACTICE_OUTCOMES,
  finished: [],
  unstartable: [],
  timed_out: [],
  infra_fault: [],
  cancelled: [],
};

export function practiceStatus(run: PracticeTimes): PracticeStatus {
  if (run.outcome !== null) return run.outcome;
  if (run.startedAt !== null) return 'running';
  return run.queuedAt === null ? 'received' : 'queued';
}

/** True when nothing more will happen to the run. */
export function isPracticeOver(status: PracticeStatus): boolean {
  return PRACTICE_OUTCOMES.some((outcome) => outcome === status);
}

const SENTENCES: Readonly<Record<PracticeStatus, string>> = {
  received: 'Your project has arrived.',
  queued: 'Your practice run waits for a free place.',
  running: 'The visible checks are running.',
  finished: 'The visible checks have run.',
  unstartable: 'The visible checks could not run. See the reason and the output.',
  timed_out: 'The visible checks did not end within the time limit.',
  infra_fault: 'The practice run failed on our side, not because of your work. It does not count: start another one.',
  cancelled: 'The practice run was cancelled.',
};

/** What a candidate reads beside the status. */
export function practiceSentence(status: PracticeStatus): string {
  return SENTENCES[status];
}
