import type { ProblemCode } from '@assay/contracts/problem-codes';
import type {
  CancelRefusal,
  DecideRefusal,
  InviteRefusal,
  Permission,
  StartRefusal,
  SubmitRefusal,
} from '@assay/lifecycle/evaluation-actions';
import { Problem } from '../http/problem';

type Refusal = CancelRefusal | DecideRefusal | InviteRefusal | StartRefusal | SubmitRefusal;

const PROBLEM_OF: Readonly<Record<Refusal, ProblemCode>> = {
  evaluation_cancelled: 'evaluation-closed',
  evaluation_decided: 'evaluation-closed',
  deadline_passed: 'evaluation-closed',
  evaluation_not_invited: 'conflict',
  evaluation_undecidable: 'conflict',
  evaluation_not_open: 'evaluation-not-open',
  evaluation_not_started: 'evaluation-not-started',
  submission_in_grading: 'submission-in-grading',
  attempts_used: 'no-attempt-left',
  ungraded_used: 'no-attempt-left',
};

/** @throws Problem when the lifecycle does not allow the action, with the lifecycle's own words */
export function requireAllowed(permission: Permission<Refusal>): void {
  if (!permission.allowed) throw new Problem(PROBLEM_OF[permission.code], permission.message);
}
