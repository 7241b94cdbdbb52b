import type { AttemptPolicy } from '@assay/lifecycle/evaluation-actions';
import { submissionSentence, submissionStatus } from '@assay/lifecycle/submission-status';
import type { GradingRun } from '../grading/grading.service';
import type { QueueStandingDto } from '../grading/queue-standing';
import type { Submission } from './submission.entity';
import type { SubmissionDto } from './submissions.dto';

/** How a submission stands. */
export interface Standing {
  /** The newest run, null before there is any. */
  readonly run: GradingRun | null;
  /** What the worker is at, null when nobody knows. */
  readonly phase: string | null;
  /** Where a waiting run stands, null when it does not wait or nobody knows. */
  readonly queue: QueueStandingDto | null;
  readonly policy: Pick<AttemptPolicy, 'unstartableUsesAttempt'>;
}

/** A submission as the API answers it, to the candidate too. */
export function answerSubmission(submission: Submission, { run, phase, queue, policy }: Standing): SubmissionDto {
  const status = submissionStatus(run);
  return {
    id: submission.id,
    evaluationId: submission.evaluationId,
    status,
    message: submissionSentence(status, policy),
    phase: run && !run.outcome ? phase : null,
    queue: status === 'queued' ? queue : null,
    reason: run?.reason ? { code: run.reason.code, message: run.reason.messageForCandidate, log: run.reason.log } : null,
    archiveSha256: submission.archiveSha256,
    archiveBytes: submission.archiveBytes,
    fileCount: submission.fileCount,
    receivedAt: submission.receivedAt.toISOString(),
  };
}
