import { runStatus } from '@assay/lifecycle/grading-run';
import type { TaskVersion } from '../tasks/tasks.service';
import type { GradingRunDto } from './grading.dto';
import type { GradingRun } from './grading-run.entity';

/**
 * A run as staff read it.
 *
 * @param versions of the tasks, by id; the run's is one of them
 */
export function answerRun(run: GradingRun, versions: ReadonlyMap<string, TaskVersion>): GradingRunDto {
  const task = versions.get(run.taskVersionId);
  return {
    id: run.id,
    submissionId: run.submissionId,
    status: runStatus(run),
    taskSlug: task?.slug ?? '',
    taskVersion: task?.version ?? '',
    regradeId: run.regradeId,
    requestedAt: run.requestedAt.toISOString(),
    queuedAt: run.queuedAt?.toISOString() ?? null,
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    reason: run.reason,
  };
}
