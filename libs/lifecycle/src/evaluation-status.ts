import { deadline, isPast } from './deadline';
import type { TransitionTable } from './transition-table';

/** `started` is the candidate's acceptance: the time box runs from there. */
export const EVALUATION_STATUSES = [
  'draft',
  'invited',
  'started',
  'submitted',
  'graded',
  'decided',
  'expired',
  'cancelled',
] as const;
export type EvaluationStatus = (typeof EVALUATION_STATUSES)[number];

/** What is stored of an evaluation that its status follows from. A moment is null until it has happened. */
export interface EvaluationTimes {
  readonly invitedAt: Date | null;
  readonly startedAt: Date | null;
  readonly submittedAt: Date | null;
  readonly gradedAt: Date | null;
  readonly decidedAt: Date | null;
  readonly cancelledAt: Date | null;
  /** No start before this moment; null for at once. */
  readonly opensAt: Date | null;
  /** No work is taken from this moment on; null for never. */
  readonly closesAt: Date | null;
  readonly timeBoxMinutes: number;
}

/** Every change of status that can be seen. An expired evaluation comes back to life when its closing time is moved. */
export const EVALUATION_TRANSITIONS: TransitionTable<EvaluationStatus> = {
  draft: ['invited', 'cancelled'],
  invited: ['started', 'expired', 'cancelled'],
  started: ['submitted', 'expired', 'cancelled'],
  submitted: ['graded', 'decided', 'cancelled'],
  graded: ['decided', 'cancelled'],
  expired: ['invited', 'started', 'decided', 'cancelled'],
  decided: [],
  cancelled: [],
};

/**
 * The one place where an evaluation's status comes from. Nothing expires by a job: an invited or started evaluation is `expired` from
 * its deadline on, and work handed in before the deadline keeps its status afterwards.
 */
export function evaluationStatus(times: EvaluationTimes, now: Date): EvaluationStatus {
  if (times.cancelledAt !== null) return 'cancelled';
  if (times.decidedAt !== null) return 'decided';
  if (times.gradedAt !== null) return 'graded';
  if (times.submittedAt !== null) return 'submitted';
  if (times.invitedAt === null) return 'draft';
  if (isPast(deadline(times.startedAt, times.timeBoxMinutes, times.closesAt), now)) return 'expired';
  return times.startedAt === null ? 'invited' : 'started';
}
