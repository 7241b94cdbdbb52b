import { type GradingReport, RUN_OUTCOMES, type RunOutcome } from '@assay/contracts/grading-report';
import type { TransitionTable } from './transition-table';

export const RUN_STATUSES = ['pending', 'queued', 'running', ...RUN_OUTCOMES] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What is stored of a grading run that its status follows from. */
export interface RunTimes {
  /** When the job reached the queue. */
  readonly queuedAt: Date | null;
  /** When a worker took it. */
  readonly startedAt: Date | null;
  /** Null until the run has ended. */
  readonly outcome: RunOutcome | null;
}

/**
 * A report may overtake the news that the run was queued or started, so every unfinished status leads to every outcome.
 * Outcomes are final: a re-grade, and a retry after an infrastructure fault, is a new run.
 */
export const RUN_TRANSITIONS: TransitionTable<RunStatus> = {
  pending: ['queued', 'running', ...RUN_OUTCOMES],
  queued: ['running', ...RUN_OUTCOMES],
  running: RUN_OUTCOMES,
  graded: [],
  ungradable: [],
  timed_out: [],
  infra_fault: [],
  cancelled: [],
};

export function runStatus(run: RunTimes): RunStatus {
  if (run.outcome !== null) return run.outcome;
  if (run.startedAt !== null) return 'running';
  return run.queuedAt === null ? 'pending' : 'queued';
}

export type ReportDecision =
  | { readonly action: 'accept'; readonly outcome: RunOutcome }
  | { readonly action: 'ignore'; readonly reason: 'duplicate' | 'already_final'; readonly message: string };

/**
 * Decides what becomes of a report that arrived for a run. The caller holds the run's row lock, so of two reports exactly one is
 * accepted: a delivery that comes twice is a `duplicate`, one with another outcome finds the run `already_final`.
 */
export function applyReport(run: RunTimes, report: Pick<GradingReport, 'outcome'>): ReportDecision {
  if (run.outcome === null) return { action: 'accept', outcome: report.outcome };
  if (run.outcome === report.outcome) {
    return { action: 'ignore', reason: 'duplicate', message: `The run already ended as "${run.outcome}".` };
  }
  const message = `The run already ended as "${run.outcome}"; a later report says "${report.outcome}" and changes nothing.`;
  return { action: 'ignore', reason: 'already_final', message };
}

/** Only the platform's own faults are tried again; everything else is the submission's result or someone's wish. */
export function isRetried(outcome: RunOutcome): boolean {
  return outcome === 'infra_fault';
}
