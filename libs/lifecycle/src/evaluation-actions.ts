import type { RunOutcome } from '@assay/contracts/grading-report';
import { deadline, isPast } from './deadline';
import type { EvaluationTimes } from './evaluation-status';

/** Attempts an evaluation allows unless it says otherwise. */
export const DEFAULT_ATTEMPTS = 1;

/** Submissions without a grade that an evaluation takes: enough for every honest slip, too few to question the grader with. */
export const MOST_UNGRADED = 20;

export type Permission<Code extends string> =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: Code; readonly message: string };

export type InviteRefusal = 'evaluation_cancelled' | 'evaluation_decided' | 'deadline_passed';

export type DecideRefusal = 'evaluation_cancelled' | 'evaluation_decided' | 'evaluation_undecidable';

export type CancelRefusal = 'evaluation_cancelled' | 'evaluation_decided';

export type StartRefusal =
  | 'evaluation_cancelled'
  | 'evaluation_decided'
  | 'evaluation_not_invited'
  | 'evaluation_not_open'
  | 'deadline_passed';

export type SubmitRefusal =
  | 'evaluation_cancelled'
  | 'evaluation_decided'
  | 'evaluation_not_started'
  | 'deadline_passed'
  | 'submission_in_grading'
  | 'attempts_used'
  | 'ungraded_used';

export type PracticeRefusal = 'evaluation_cancelled' | 'evaluation_decided' | 'evaluation_not_started' | 'deadline_passed';

/** What an evaluation takes for an attempt, agreed on when it is made. */
export interface AttemptPolicy {
  /** Graded submissions that are allowed, at least 1. */
  readonly attemptsAllowed: number;
  /**
   * Whether a submission that could not be graded for a reason of its own (`ungradable` or `timed_out`: it did not start, for example)
   * uses an attempt. A fault of ours never does.
   */
  readonly unstartableUsesAttempt: boolean;
}

/** One submission: the outcomes of its runs, null for a run that has not ended. Empty while no run was made yet. */
export interface SubmissionRuns {
  readonly outcomes: readonly (RunOutcome | null)[];
}

/**
 * Submissions that count as attempts: those graded by any of their runs, and those whose grading is still open. An infrastructure
 * fault never counts; a project that could not be graded or ran out of time counts where the policy says so.
 */
export function attemptsUsed(
  submissions: readonly SubmissionRuns[],
  policy: Pick<AttemptPolicy, 'unstartableUsesAttempt'>,
): number {
  const counts = (submission: SubmissionRuns): boolean =>
    isGraded(submission) || isOpen(submission) || (policy.unstartableUsesAttempt && isUngraded(submission));
  return submissions.filter(counts).length;
}

/** May a recruiter send the invitation? Also again, and after the start: links get lost and expire. */
export function canInvite(times: EvaluationTimes, now: Date): Permission<InviteRefusal> {
  const ended = endedRefusal(times);
  if (ended !== null) return ended;
  if (isPast(times.closesAt, now)) {
    return refuse('deadline_passed', `This evaluation closed at ${times.closesAt?.toISOString()}; move its closing time first.`);
  }
  return { allowed: true };
}

/** May the organisation decide? Once there is work to decide on, or once the time for it is over. */
export function canDecide(times: EvaluationTimes, now: Date): Permission<DecideRefusal> {
  const ended = endedRefusal(times);
  if (ended !== null) return ended;
  if (times.submittedAt === null && !isPast(deadline(times.startedAt, times.timeBoxMinutes, times.closesAt), now)) {
    return refuse(
      'evaluation_undecidable',
      'There is nothing to decide on yet: no work was handed in and there is still time for it.',
    );
  }
  return { allowed: true };
}

/** May the organisation call the evaluation off? Until it has decided. */
export function canCancel(times: EvaluationTimes): Permission<CancelRefusal> {
  return endedRefusal(times) ?? { allowed: true };
}

/** May the candidate accept and start the clock? Starting twice is allowed and changes nothing, so that a lost answer can be repeated. */
export function canStart(times: EvaluationTimes, now: Date): Permission<StartRefusal> {
  const ended = endedRefusal(times);
  if (ended !== null) return ended;
  if (times.invitedAt === null) {
    return refuse('evaluation_not_invited', 'The invitation to this evaluation has not been sent yet.');
  }
  if (times.startedAt !== null) return { allowed: true };
  if (times.opensAt !== null && now < times.opensAt) {
    return refuse('evaluation_not_open', `This evaluation opens at ${times.opensAt.toISOString()}; start it then.`);
  }
  return deadlineRefusal(times, now) ?? { allowed: true };
}

/** May the candidate try the visible checks now? While there is time to hand in work; neither attempts nor open gradings matter. */
export function canPractise(times: EvaluationTimes, now: Date): Permission<PracticeRefusal> {
  const ended = endedRefusal(times);
  if (ended !== null) return ended;
  if (times.startedAt === null) {
    return refuse('evaluation_not_started', 'This evaluation has not been started; accept it first, which starts the time box.');
  }
  return deadlineRefusal(times, now) ?? { allowed: true };
}

/** May the candidate hand in work now? */
export function canSubmit(
  times: EvaluationTimes,
  submissions: readonly SubmissionRuns[],
  policy: AttemptPolicy,
  now: Date,
): Permission<SubmitRefusal> {
  const inTime = canPractise(times, now);
  if (!inTime.allowed) return inTime;
  if (submissions.filter(isUngraded).length >= MOST_UNGRADED) {
    return refuse(
      'ungraded_used',
      `${MOST_UNGRADED} of your submissions could not be graded, and no more are taken. Ask whoever invited you for help.`,
    );
  }
  if (attemptsUsed(submissions, policy) < policy.attemptsAllowed) return { allowed: true };
  if (submissions.some((submission) => isOpen(submission) && !isGraded(submission))) {
    return refuse(
      'submission_in_grading',
      'Your submission is still being graded. Wait for its result; if it cannot be graded, you may submit again.',
    );
  }
  const { attemptsAllowed, unstartableUsesAttempt } = policy;
  if (unstartableUsesAttempt && submissions.some((submission) => isUngraded(submission) && !isGraded(submission))) {
    const attempts = attemptsAllowed === 1 ? 'one submission' : `${attemptsAllowed} submissions`;
    return refuse('attempts_used', `This evaluation takes ${attempts}, also one that cannot be graded, and none is left.`);
  }
  const attempts = attemptsAllowed === 1 ? 'one graded submission' : `${attemptsAllowed} graded submissions`;
  return refuse('attempts_used', `This evaluation takes ${attempts}, and yours has been graded.`);
}

function isGraded({ outcomes }: SubmissionRuns): boolean {
  return outcomes.includes('graded');
}

/** For a reason of its own; a fault of ours does not count. */
function isUngraded({ outcomes }: SubmissionRuns): boolean {
  return outcomes.some((outcome) => outcome === 'ungradable' || outcome === 'timed_out');
}

function isOpen({ outcomes }: SubmissionRuns): boolean {
  return outcomes.length === 0 || outcomes.includes(null);
}

function endedRefusal(times: EvaluationTimes) {
  if (times.cancelledAt !== null) {
    return refuse('evaluation_cancelled', 'This evaluation was cancelled; ask whoever invited you.');
  }
  if (times.decidedAt !== null) return refuse('evaluation_decided', 'This evaluation is closed: a decision has been taken.');
  return null;
}

function deadlineRefusal(times: EvaluationTimes, now: Date) {
  const until = deadline(times.startedAt, times.timeBoxMinutes, times.closesAt);
  if (until === null || !isPast(until, now)) return null;
  return refuse('deadline_passed', `The deadline was ${until.toISOString()}; ask whoever invited you for an extension.`);
}

function refuse<Code extends string>(code: Code, message: string) {
  return { allowed: false, code, message } as const;
}
