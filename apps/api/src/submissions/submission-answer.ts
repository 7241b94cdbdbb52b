import { SUBMISSION_SENTENCES, submissionStatus } from '@assay/lifecycle/submission-status';
import type { GradingRun } from '../grading/grading.service';
import type { Submission } from './submission.entity';
import type { SubmissionDto } from './submissions.dto';

/**
 * A submission as the API answers it, to the candidate too.
 *
 * @param run the newest one, null before there is any
 * @param phase what the worker is at, null when nobody knows
 */
export function answerSubmission(submission: Submission, run: GradingRun | null, phase: string | null): SubmissionDto {
  const status = submissionStatus(run);
  return {
    id: submission.id,
    evaluationId: submission.evaluationId,
    status,
    message: SUBMISSION_SENTENCES[status],
    phase: run && !run.outcome ? phase : null,
    reason: run?.reason ? { code: run.reason.code, message: run.reason.messageForCandidate, log: run.reason.log } : null,
    archiveSha256: submission.archiveSha256,
    archiveBytes: submission.archiveBytes,
    fileCount: submission.fileCount,
    receivedAt: submission.receivedAt.toISOString(),
  };
}
