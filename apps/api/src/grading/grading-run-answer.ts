import { runStatus } from '@assay/lifecycle/grading-run';
import type { GradingRunDto } from './grading.dto';
import type { GradingRun } from './grading-run.entity';

/** A run as staff read it. */
export function answerRun(run: GradingRun): GradingRunDto {
  return {
    id: run.id,
    submissionId: run.submissionId,
    status: runStatus(run),
    requestedAt: run.requestedAt.toISOString(),
    queuedAt: run.queuedAt?.toISOString() ?? null,
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    reason: run.reason,
  };
}
