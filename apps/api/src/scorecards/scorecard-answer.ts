import type { CheckResult } from '@assay/contracts/grading-report';
import type { RegradeItem } from '../regrades/regrade-ledger.service';
import type { StoredScorecard } from './scorecard.entity';
import type { OtherScorecardDto, ScorecardDto, ScorecardStanding } from './scorecards.dto';

/**
 * A scorecard with the outcome of each check it rests on, and in short the others of the evaluation.
 *
 * @param all of the evaluation, newest first
 * @param regraded what was graded again, by the new run's id
 */
export function answerScorecard(
  stored: StoredScorecard,
  checks: readonly CheckResult[],
  all: readonly StoredScorecard[],
  regraded: ReadonlyMap<string, RegradeItem>,
): ScorecardDto {
  const others = all.filter((card) => card.gradingRunId !== stored.gradingRunId);
  const short = others.map((other) => answerOther(other, regraded.get(other.gradingRunId) ?? null));
  const byId = new Map(checks.map((check) => [check.id, check]));
  return {
    evaluationId: stored.evaluationId,
    gradingRunId: stored.gradingRunId,
    countingRunId: all.find((card) => card.counts)?.gradingRunId ?? stored.gradingRunId,
    submissionId: stored.submissionId,
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
    pending: short.filter(({ standing }) => standing === 'pending'),
    others: short.filter(({ standing }) => standing !== 'pending'),
  };
}

function answerOther(stored: StoredScorecard, item: RegradeItem | null): OtherScorecardDto {
  return {
    gradingRunId: stored.gradingRunId,
    submissionId: stored.submissionId,
    regradeId: item?.regradeId ?? null,
    standing: standingOf(stored, item),
    composite: stored.scorecard.composite,
    areas: stored.scorecard.areas.map(({ id, score }) => ({ id, score })),
    taskVersion: stored.provenance.pack.version,
    createdAt: stored.createdAt.toISOString(),
  };
}

function standingOf(stored: StoredScorecard, item: RegradeItem | null): ScorecardStanding {
  if (stored.counts) return 'counts';
  if (stored.stands) return 'earlier_submission';
  if (item === null || item.decision === 'approved') return 'replaced';
  return item.decision ?? 'pending';
}
