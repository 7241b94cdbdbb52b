import { evaluationStatus } from '@assay/lifecycle/evaluation-status';
import type { EntityManager } from 'typeorm';
import type { Evaluation } from './evaluation.entity';
import type { EvaluationDto } from './evaluations.dto';
import { selectTaskNames } from './evaluations.queries';

/** Evaluations as the API answers them: with the task's name and the status at `now`. */
export async function answerEvaluations(
  manager: EntityManager,
  evaluations: readonly Evaluation[],
  now: Date,
): Promise<EvaluationDto[]> {
  const names = await selectTaskNames(manager, [...new Set(evaluations.map((evaluation) => evaluation.taskVersionId))]);
  return evaluations.map((evaluation) => ({
    id: evaluation.id,
    candidateId: evaluation.candidateId,
    taskSlug: names.get(evaluation.taskVersionId)?.slug ?? '',
    taskVersion: names.get(evaluation.taskVersionId)?.version ?? '',
    rubricId: evaluation.rubricId,
    role: evaluation.role,
    status: evaluationStatus(evaluation, now),
    timeBoxMinutes: evaluation.timeBoxMinutes,
    attemptsAllowed: evaluation.attemptsAllowed,
    unstartableUsesAttempt: evaluation.unstartableUsesAttempt,
    opensAt: timeOf(evaluation.opensAt),
    closesAt: timeOf(evaluation.closesAt),
    createdAt: evaluation.createdAt.toISOString(),
    invitedAt: timeOf(evaluation.invitedAt),
    startedAt: timeOf(evaluation.startedAt),
    submittedAt: timeOf(evaluation.submittedAt),
    gradedAt: timeOf(evaluation.gradedAt),
    decidedAt: timeOf(evaluation.decidedAt),
    decision: evaluation.decision,
  }));
}

/** RFC 3339 in UTC, or null. */
export function timeOf(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
