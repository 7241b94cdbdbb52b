import type { GradingReport, GradingReportMessage, RunOutcome } from '@assay/contracts/grading-report';
import { applyReport } from '@assay/lifecycle/grading-run';
import { Injectable, Logger } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { storableJson } from '../grading-reports/storable-json';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound } from '../http/problem';
import { GradingOutbox } from '../outbox/grading-outbox';
import { RegradeLedger } from '../regrades/regrade-ledger.service';
import { RubricsService } from '../rubrics/rubrics.service';
import { ScorecardsService } from '../scorecards/scorecards.service';
import { TasksService } from '../tasks/tasks.service';
import { GradeComparisons } from './grade-comparisons.service';
import type { GradingRunDto } from './grading.dto';
import { GradingRun } from './grading-run.entity';
import { answerRun } from './grading-run-answer';

export type { GradingRun };

export interface RunRequest {
  readonly organisationId: string;
  readonly submissionId: string;
  readonly taskVersionId: string;
  readonly rubricId: string;
  /** Member who asked, or null when the submission itself did. */
  readonly requestedBy: string | null;
}

/** Runs of a regrade: of these submissions, all on one version of the task. */
export interface RegradeRequest {
  readonly organisationId: string;
  readonly regradeId: string;
  readonly taskVersionId: string;
  readonly requestedBy: string;
  readonly submissions: readonly { readonly submissionId: string; readonly rubricId: string }[];
}

/** Grading runs: asked for, handed over through the outbox, and given exactly one outcome. */
@Injectable()
export class GradingService {
  private readonly logger = new Logger(GradingService.name);

  constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: GradingOutbox,
    private readonly rubrics: RubricsService,
    private readonly evaluations: EvaluationsService,
    private readonly reports: GradingReportsService,
    private readonly scorecards: ScorecardsService,
    private readonly tasks: TasksService,
    private readonly comparisons: GradeComparisons,
    private readonly ledger: RegradeLedger,
    private readonly audit: AuditService,
  ) {}

  /** Asks for a run, in the caller's transaction: run and outbox row are there together or not at all. */
  async request(manager: EntityManager, request: RunRequest): Promise<GradingRun> {
    const inserted = await manager.insert(GradingRun, { ...request });
    const run = await manager.findOneByOrFail(GradingRun, { id: inserted.identifiers[0]?.id as string });
    await this.outbox.record(manager, request.organisationId, run.id);
    return run;
  }

  /** Asks for runs beside those that count, behind all that candidates wait for. Gives the id of each submission's run. */
  async requestRegrade(manager: EntityManager, request: RegradeRequest): Promise<ReadonlyMap<string, string>> {
    const { organisationId, regradeId, taskVersionId, requestedBy, submissions } = request;
    const runs = (await manager.query(
      `INSERT INTO grading_runs (organisation_id, submission_id, rubric_id, task_version_id, requested_by, regrade_id)
       SELECT $1, wanted.submission_id, wanted.rubric_id, $2, $3, $4
         FROM unnest($5::uuid[], $6::uuid[]) AS wanted (submission_id, rubric_id) RETURNING id, submission_id`,
      [
        organisationId,
        taskVersionId,
        requestedBy,
        regradeId,
        submissions.map(({ submissionId }) => submissionId),
        submissions.map(({ rubricId }) => rubricId),
      ],
    )) as { id: string; submission_id: string }[];
    await this.outbox.recordLast(
      manager,
      organisationId,
      runs.map((run) => run.id),
    );
    return new Map(runs.map((run) => [run.submission_id, run.id]));
  }

  /** Ends the runs of a regrade that are not over. What workers still say of them is ignored. */
  async cancelRegrade(manager: EntityManager, regradeId: string): Promise<void> {
    const runs = await manager.find(GradingRun, {
      where: { regradeId, outcome: IsNull() },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    for (const run of runs) await this.finish(manager, run, 'cancelled', null);
  }

  /** @throws Problem `not-found` */
  async selectRun(principal: Principal, runId: string): Promise<GradingRun> {
    const run = await this.database.inOrganisation(principal.organisationId, (manager) =>
      manager.findOneBy(GradingRun, { id: runId }),
    );
    if (!run) throw notFound('grading run');
    return run;
  }

  /** The evaluation that a run's submission belongs to. */
  async selectEvaluationId(manager: EntityManager, run: GradingRun): Promise<string> {
    const [row] = (await manager.query('SELECT evaluation_id FROM submissions WHERE id = $1', [run.submissionId])) as [
      { evaluation_id: string },
    ];
    return row.evaluation_id;
  }

  /** Runs as staff read them, in the same order. */
  async answerRuns(runs: readonly GradingRun[]): Promise<GradingRunDto[]> {
    const versions = await this.tasks.selectVersions(runs.map((run) => run.taskVersionId));
    return runs.map((run) => answerRun(run, versions));
  }

  async answerRun(run: GradingRun): Promise<GradingRunDto> {
    return answerRun(run, await this.tasks.selectVersions([run.taskVersionId]));
  }

  /** Runs of a submission, newest first. */
  async listRuns(principal: Principal, submissionId: string, page: PageQuery): Promise<Page<GradingRun>> {
    return this.database.inOrganisation(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(GradingRun, 'run')
        .where('run.organisation_id = :organisationId', { organisationId: principal.organisationId })
        .andWhere('run.submission_id = :submissionId', { submissionId });
      return readPage(query, page);
    });
  }

  /**
   * The run that says how each of these submissions stands, by the submission's id: the newest of its own. A run of a regrade is none
   * of the candidate's business, so it never is.
   */
  async selectNewestRuns(organisationId: string, submissionIds: readonly string[]): Promise<ReadonlyMap<string, GradingRun>> {
    const runs = await this.database.inOrganisation(organisationId, (manager) =>
      manager
        .createQueryBuilder(GradingRun, 'run')
        .distinctOn(['run.submission_id'])
        .where('run.submission_id = ANY(:submissionIds) AND run.regrade_id IS NULL', { submissionIds })
        .orderBy('run.submission_id')
        .addOrderBy("coalesce(run.outcome = 'graded', false)", 'DESC')
        .addOrderBy('run.id', 'DESC')
        .getMany(),
    );
    return new Map(runs.map((run) => [run.submissionId, run]));
  }

  /** Notes that the run is on the queue, and (once) that a worker has begun it. */
  async noteProgress(organisationId: string, runId: string, reached: 'queued' | 'started'): Promise<void> {
    const column = reached === 'queued' ? 'queued_at' : 'started_at';
    await this.database.inOrganisation(organisationId, (manager) =>
      manager.query(`UPDATE grading_runs SET ${column} = coalesce(${column}, now()) WHERE id = $1 AND outcome IS NULL`, [runId]),
    );
  }

  /**
   * Gives a run its outcome: locks it, ignores the report when it has one already, and stores report, outcome and scorecard together.
   *
   * @returns whether the report was the first one
   */
  async applyReport(message: GradingReportMessage): Promise<boolean> {
    const { organisationId, runId, report } = message;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const run = await manager.findOne(GradingRun, { where: { id: runId }, lock: { mode: 'pessimistic_write' } });
      if (!run) {
        this.logger.warn({ runId }, 'A report for a run that is not here was ignored');
        return false;
      }
      const decision = applyReport(run, report);
      if (decision.action === 'ignore') {
        this.logger.log({ runId }, decision.message);
        return false;
      }
      await this.reports.store(manager, organisationId, runId, report);
      // First what locks the evaluation: everybody who writes to the audit trail waits for who wrote to it.
      if (report.outcome === 'graded') await this.scoreRun(manager, run, report);
      await this.compareRegrade(manager, run, report.outcome);
      await this.finish(manager, run, report.outcome, report.reason);
      return true;
    });
  }

  /** Gives a run an outcome that no report tells of, for example when every worker that took it was lost. */
  async finishWithoutReport(
    organisationId: string,
    runId: string,
    outcome: RunOutcome,
    reason: NonNullable<GradingRun['reason']>,
  ): Promise<void> {
    await this.database.inOrganisation(organisationId, async (manager) => {
      const run = await manager.findOne(GradingRun, { where: { id: runId }, lock: { mode: 'pessimistic_write' } });
      if (!run || applyReport(run, { outcome }).action !== 'accept') return;
      await this.compareRegrade(manager, run, outcome);
      await this.finish(manager, run, outcome, reason);
    });
  }

  /** Notes what the new run of a regrade changes, for who decides on it. */
  private async compareRegrade(manager: EntityManager, run: GradingRun, outcome: RunOutcome): Promise<void> {
    const item = run.regradeId === null ? null : await this.ledger.selectOptionalOpen(manager, run.id);
    if (!item) return;
    const earlier = { id: item.earlierRunId, organisationId: run.organisationId, outcome: 'graded' as const };
    await this.ledger.noteComparison(manager, item.id, await this.comparisons.compare(earlier, { ...run, outcome }));
  }

  private async finish(
    manager: EntityManager,
    run: GradingRun,
    outcome: RunOutcome,
    reason: GradingRun['reason'],
  ): Promise<void> {
    await manager.query('UPDATE grading_runs SET outcome = $2, reason = $3, finished_at = now() WHERE id = $1', [
      run.id,
      outcome,
      reason === null ? null : storableJson(reason),
    ]);
    await this.outbox.settle(manager, run.id);
    await this.audit.record(manager, run.organisationId, 'system', {
      action: 'grading_run.finished',
      subjectKind: 'grading_run',
      subjectId: run.id,
      detail: { outcome, reason: reason?.code ?? null },
    });
  }

  private async scoreRun(manager: EntityManager, run: GradingRun, report: GradingReport): Promise<void> {
    const rubric = await this.rubrics.selectRubric(run.rubricId);
    const evaluationId = await this.evaluations.noteGraded(manager, run.submissionId);
    await this.scorecards.score(
      manager,
      { id: run.id, organisationId: run.organisationId, evaluationId, submissionId: run.submissionId, regradeId: run.regradeId },
      report,
      rubric,
    );
  }
}
