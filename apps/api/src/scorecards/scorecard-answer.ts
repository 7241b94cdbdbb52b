import type { CheckResult } from '@assay/contracts/grading-report';
import type { StoredScorecard } from './scorecard.entity';
import type { ScorecardDto } from './scorecards.dto';

/** A stored scorecard with the outcome of each check it rests on. */
export function answerScorecard(stored: StoredScorecard, checks: readonly CheckResult[]): ScorecardDto {
  const byId = new Map(checks.map((check) => [check.id, check]));
  return {
    evaluationId: stored.evaluationId,
    composite: stored.scorecard.composite,
    rubricVersion: stored.scorecard.rubricVersion,
    areas: stored.scorecard.areas.map((area) => ({
      ...area,
      criteria: area.criteria.map((criterion) => ({
        ...criterion,
        evidence: criterion.evidence.flatMap((checkId) => {
          const check = byId.get(checkId);
          if (!check) return [];
          const { title, status, level, points, messageForReviewer: message } = check;
          return [{ checkId, title, status, level, points, message }];
        }),
      })),
    })),
    provenance: stored.provenance,
    createdAt: stored.createdAt.toISOString(),
  };
}
