import type { GradingReport } from '@assay/contracts/grading-report';
import type { Rubric } from '@assay/scoring/rubric';
import { scoreReport } from '@assay/scoring/score-report';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { StoredScorecard } from './scorecard.entity';

interface GradedRun {
  readonly id: string;
  readonly organisationId: string;
  readonly evaluationId: string;
  readonly submissionId: string;
}

/** Scores graded runs and keeps the scorecards. */
@Injectable()
export class ScorecardsService {
  constructor(private readonly database: TenantDatabase) {}

  /** Scores a graded report and stores the scorecard with copies of what it rests on. */
  async score(manager: EntityManager, run: GradedRun, report: GradingReport, rubric: Rubric): Promise<void> {
    const scorecard = scoreReport(report, rubric);
    const { checksMs: _, ...timings } = report.timings;
    await manager.insert(StoredScorecard, {
      gradingRunId: run.id,
      organisationId: run.organisationId,
      evaluationId: run.evaluationId,
      composite: scorecard.composite === null ? null : scorecard.composite.toFixed(1),
      scorecard,
      rubric,
      provenance: {
        ...report.provenance,
        gradingRunId: run.id,
        submissionId: run.submissionId,
        rubricVersion: rubric.version,
        timings,
      },
    });
  }

  /** The scorecard of the newest graded run of an evaluation, or null. */
  async selectOptionalNewest(principal: Principal, evaluationId: string): Promise<StoredScorecard | null> {
    return this.database.inOrganisation(principal.organisationId, (manager) =>
      manager.findOne(StoredScorecard, { where: { evaluationId }, order: { gradingRunId: 'DESC' } }),
    );
  }
}
