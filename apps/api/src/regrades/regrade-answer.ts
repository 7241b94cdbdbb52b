import { type RunTimes, runStatus } from '@assay/lifecycle/grading-run';
import type { TaskVersion } from '../tasks/tasks.service';
import type { ComparisonDto } from './comparison.dto';
import type { Regrade } from './regrade.entity';
import type { RegradeItem } from './regrade-item.entity';
import type { RegradeChangeDto, RegradeDto, RegradeStatus } from './regrades.dto';
import type { ItemContext, RegradeProgress } from './regrades.queries';

/** A regrade as staff read it. */
export function answerRegrade(regrade: Regrade, task: TaskVersion, progress: RegradeProgress): RegradeDto {
  return {
    id: regrade.id,
    status: statusOf(regrade, progress),
    taskSlug: task.slug,
    toVersion: task.version,
    reason: regrade.reason,
    requestedBy: regrade.requestedBy,
    requestedAt: regrade.requestedAt.toISOString(),
    closedAt: regrade.closedAt?.toISOString() ?? null,
    progress,
  };
}

function statusOf(regrade: Regrade, progress: RegradeProgress): RegradeStatus {
  if (regrade.cancelledAt) return 'cancelled';
  if (regrade.closedAt) return 'decided';
  return progress.waiting + progress.running > 0 ? 'grading' : 'awaiting_decision';
}

/** One submission of a regrade as staff read it. */
export function answerItem(item: RegradeItem, context: ItemContext): RegradeChangeDto {
  return {
    evaluationId: item.evaluationId,
    candidateId: context.candidateId,
    submissionId: item.submissionId,
    earlierRunId: item.earlierRunId,
    newRunId: item.newRunId,
    status: runStatus(context as RunTimes),
    evaluationDecision: context.evaluationDecision,
    changed: item.changed,
    comparison: item.comparison as ComparisonDto | null,
    decision: item.decision,
    decisionReason: item.decisionReason,
    decidedBy: item.decidedBy,
    decidedAt: item.decidedAt?.toISOString() ?? null,
  };
}
