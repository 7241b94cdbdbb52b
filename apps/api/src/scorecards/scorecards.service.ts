import type { GradingReport } from '@assay/contracts/grading-report';
import type { Rubric } from '@assay/scoring/rubric';
import { type Scorecard, scoreReport } from '@assay/scoring/score-report';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { StoredScorecard } from './scorecard.entity';
import { replaceStanding, selectStanding, stopCounting } from './scorecards.queries';

export type { StoredScorecard };

interface GradedRun {
  readonly id: string;
  readonly organisationId: string;
  readonly evaluationId: string;
  readonly submissionId: string;
  /** Null for a submission's own run; a regrade's scorecard counts for nothing until it is approved. */
  readonly regradeId: string | null;
}

/** Scores graded runs, keeps the scorecards and knows which one counts. */
@Injectable()
export class ScorecardsService {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Scores a graded report and stores the scorecard with copies of what it rests on. The first grade of the newest submission counts
   * from now on. The caller holds the lock of the evaluation.
   */
  async score(manager: EntityManager, run: GradedRun, report: GradingReport, rubric: Rubric): Promise<Scorecard> {
    const scorecard = scoreReport(report, rubric);
    const { checksMs: _, ...timings } = report.timings;
    const standing = run.regradeId === null ? await selectStanding(manager, run) : { stands: false, counts: false };
    if (standing.counts) await stopCounting(manager, run.evaluationId);
    await manager.insert(StoredScorecard, {
      gradingRunId: run.id,
      organisationId: run.organisationId,
      evaluationId: run.evaluationId,
      submissionId: run.submissionId,
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
      ...standing,
    });
    return scorecard;
  }

  /**
   * Lets the scorecard of a regrade take the place of the one that stands for its submission. The caller holds the lock of the
   * evaluation.
   *
   * @returns whether it is the one that counts for the evaluation now
   */
  approve(manager: EntityManager, submissionId: string, runId: string): Promise<boolean> {
    return replaceStanding(manager, submissionId, runId);
  }

  /** The scorecard that counts for an evaluation, or null before there is a grade. */
  async selectOptionalCounting(principal: Principal, evaluationId: string): Promise<StoredScorecard | null> {
    return this.database.inOrganisation(principal.organisationId, (manager) =>
      manager.findOneBy(StoredScorecard, { evaluationId, counts: true }),
    );
  }

  /** All scorecards of an evaluation, newest run first. */
  async listOfEvaluation(principal: Principal, evaluationId: string): Promise<StoredScorecard[]> {
    return this.database.inOrganisation(principal.organisationId, (manager) =>
      manager.find(StoredScorecard, { where: { evaluationId }, order: { gradingRunId: 'DESC' } }),
    );
  }

  /** The scorecard of a run, or null when the run was not graded. */
  async selectOptionalOfRun(organisationId: string, runId: string): Promise<StoredScorecard | null> {
    return this.database.inOrganisation(organisationId, (manager) => manager.findOneBy(StoredScorecard, { gradingRunId: runId }));
  }
}
