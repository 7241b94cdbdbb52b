import { createHash } from 'node:crypto';
import type { PracticeReport, PracticeReportMessage } from '@assay/contracts/practice-report';
import { canPractise } from '@assay/lifecycle/evaluation-actions';
import { type PracticeAllowance, practiceAllowance } from '@assay/lifecycle/practice-allowance';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { CandidatePrincipal, Principal } from '../auth/principal';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from '../database/tenant-database';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { requireAllowed } from '../evaluations/refusals';
import { storableJson } from '../grading-reports/storable-json';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound, Problem } from '../http/problem';
import { inspectUpload } from '../submissions/inspect-upload';
import type { PracticeAllowanceDto, PracticeRunDetailDto, PracticeRunDto, PracticeSummaryDto } from './practice.dto';
import { countPracticeRuns, deleteOlderReports, selectCountedRequests, selectOptionalPracticeReport } from './practice.queries';
import { PracticeOutbox } from './practice-outbox';
import { PracticeProgressService } from './practice-progress.service';
import { PracticeQueues } from './practice-queues';
import { PracticeRun } from './practice-run.entity';
import { answerAllowance, answerPracticeDetail, answerPracticeRun, type PracticeStanding } from './practice-run-answer';

/** Results that an evaluation keeps; older ones are deleted when a newer one arrives. */
export const KEPT_RESULTS = 20;
/** Seconds after which it makes sense to look again whether the run that is under way has ended. */
const LOOK_AGAIN_SECONDS = 5;

/** Practice runs: asked for by a candidate, bounded, given exactly one outcome, and forgotten by rule. They never touch a scorecard. */
@Injectable()
export class PracticeRunsService {
  private readonly logger = new Logger(PracticeRunsService.name);

  constructor(
    private readonly database: TenantDatabase,
    private readonly evaluations: EvaluationsService,
    private readonly outbox: PracticeOutbox,
    private readonly progress: PracticeProgressService,
    private readonly queues: PracticeQueues,
    private readonly audit: AuditService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Checks the archive, then stores it with its run and outbox row in one transaction.
   *
   * @param arrivedAt when the request began
   * @throws Problem `archive-refused`, `practice-run-open`, `practice-limit-reached`, or why the evaluation takes no work now
   */
  async request(principal: CandidatePrincipal, archive: Buffer, arrivedAt: Date): Promise<PracticeRunDetailDto> {
    const { organisationId, evaluationId } = principal;
    const inspected = await inspectUpload(archive);
    return this.database.inOrganisation(organisationId, async (manager) => {
      // The lock makes two requests at once count each other.
      const evaluation = await this.evaluations.lockEvaluation(manager, evaluationId);
      requireAllowed(canPractise(evaluation, arrivedAt));
      await this.requireRoom(manager, evaluationId);
      const inserted = await manager.insert(PracticeRun, {
        organisationId,
        evaluationId,
        taskVersionId: evaluation.taskVersionId,
        archiveSha256: createHash('sha256').update(archive).digest('hex'),
        archiveBytes: archive.length,
        fileCount: inspected.files.length,
      });
      const run = await manager.findOneByOrFail(PracticeRun, { id: inserted.identifiers[0]?.id as string });
      await manager.query('INSERT INTO practice_archives (practice_run_id, organisation_id, content) VALUES ($1, $2, $3)', [
        run.id,
        organisationId,
        archive,
      ]);
      await this.outbox.record(manager, { runId: run.id, organisationId });
      await this.audit.record(manager, organisationId, principal, {
        action: 'practice_run.requested',
        subjectKind: 'practice_run',
        subjectId: run.id,
        detail: { sha256: run.archiveSha256, bytes: run.archiveBytes, files: run.fileCount },
      });
      return this.answerDetail(manager, run);
    });
  }

  /** Runs of the candidate's own evaluation, newest first. */
  async listOwn({ organisationId, evaluationId }: CandidatePrincipal, page: PageQuery): Promise<Page<PracticeRunDto>> {
    return this.database.inOrganisation(organisationId, async (manager) => {
      const query = manager
        .createQueryBuilder(PracticeRun, 'run')
        .where('run.organisation_id = :organisationId', { organisationId })
        .andWhere('run.evaluation_id = :evaluationId', { evaluationId });
      const found = await readPage(query, page);
      const items = found.items.map(async (run) => answerPracticeRun(run, await this.standingOf(run)));
      return { items: await Promise.all(items), nextCursor: found.nextCursor };
    });
  }

  /** @throws Problem `not-found` */
  async selectOwn({ organisationId, evaluationId }: CandidatePrincipal, id: string): Promise<PracticeRunDetailDto> {
    return this.database.inOrganisation(organisationId, async (manager) => {
      const run = await manager.findOneBy(PracticeRun, { id, evaluationId });
      if (!run) throw notFound('practice run');
      return this.answerDetail(manager, run);
    });
  }

  /** How many runs may still be started. */
  async allowanceOf({ organisationId, evaluationId }: CandidatePrincipal): Promise<PracticeAllowanceDto> {
    return this.database.inOrganisation(organisationId, async (manager) =>
      answerAllowance(await this.allowance(manager, evaluationId)),
    );
  }

  /** What staff may know: that practice happened. */
  async summary(principal: Principal, evaluationId: string): Promise<PracticeSummaryDto> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      await this.evaluations.selectEvaluation(principal, evaluationId);
      const { runs, lastAt } = await countPracticeRuns(manager, evaluationId);
      return { runs, lastAt: lastAt?.toISOString() ?? null };
    });
  }

  /** Notes that the run is on the queue, and (once) that a worker has begun it. */
  async noteProgress(organisationId: string, runId: string, reached: 'queued' | 'started'): Promise<void> {
    const column = reached === 'queued' ? 'queued_at' : 'started_at';
    await this.database.inOrganisation(organisationId, (manager) =>
      manager.query(`UPDATE practice_runs SET ${column} = coalesce(${column}, now()) WHERE id = $1 AND outcome IS NULL`, [runId]),
    );
  }

  /** Gives a run its outcome and deletes its archive; a second report changes nothing. */
  async applyReport({ organisationId, runId, report }: PracticeReportMessage): Promise<void> {
    await this.database.inOrganisation(organisationId, async (manager) => {
      const run = await manager.findOne(PracticeRun, { where: { id: runId }, lock: { mode: 'pessimistic_write' } });
      if (run && run.outcome === null) await this.finish(manager, run, report.outcome, report);
      else this.logger.log({ runId }, 'A report for a practice run that is over or not here was ignored');
    });
    this.progress.forget(runId);
  }

  /** Ends a run that no report tells of. */
  async finishWithoutReport(organisationId: string, runId: string): Promise<void> {
    await this.database.inOrganisation(organisationId, async (manager) => {
      const run = await manager.findOne(PracticeRun, { where: { id: runId }, lock: { mode: 'pessimistic_write' } });
      if (run && run.outcome === null) await this.finish(manager, run, 'infra_fault', null);
    });
    this.progress.forget(runId);
  }

  /** Deletes what is still kept of a run's result. */
  async deleteResult(organisationId: string, runId: string): Promise<void> {
    await this.database.inOrganisation(organisationId, async (manager) => {
      await manager.query('UPDATE practice_runs SET report = NULL WHERE id = $1', [runId]);
      await this.outbox.forget(manager, runId);
    });
  }

  private async finish(
    manager: EntityManager,
    run: PracticeRun,
    outcome: PracticeReport['outcome'],
    report: PracticeReport | null,
  ): Promise<void> {
    await manager.query('UPDATE practice_runs SET outcome = $2, report = $3, finished_at = now() WHERE id = $1', [
      run.id,
      outcome,
      report === null ? null : storableJson(report),
    ]);
    await manager.query('DELETE FROM practice_archives WHERE practice_run_id = $1', [run.id]);
    await deleteOlderReports(manager, run.evaluationId, KEPT_RESULTS);
    await this.outbox.settle(manager, run.id);
    await this.audit.record(manager, run.organisationId, 'system', {
      action: 'practice_run.finished',
      subjectKind: 'practice_run',
      subjectId: run.id,
      detail: { outcome },
    });
  }

  private async requireRoom(manager: EntityManager, evaluationId: string): Promise<void> {
    const isOpen = await manager.existsBy(PracticeRun, { evaluationId, outcome: IsNull() });
    const { perHour, left, nextAt } = await this.allowance(manager, evaluationId);
    if (isOpen) {
      const detail = `A practice run of yours is still under way; wait for its result. After it ${left} of ${perHour} in an hour are left.`;
      throw new Problem('practice-run-open', detail, undefined, LOOK_AGAIN_SECONDS);
    }
    if (nextAt === null) return;
    const seconds = Math.max(1, Math.ceil((nextAt.getTime() - Date.now()) / 1000));
    const detail = `You may start ${perHour} practice runs in an hour and 0 are left. The next one may be started at ${nextAt.toISOString()}. Handing in your work is not affected.`;
    throw new Problem('practice-limit-reached', detail, undefined, seconds);
  }

  private async allowance(manager: EntityManager, evaluationId: string): Promise<PracticeAllowance> {
    return practiceAllowance(await selectCountedRequests(manager, evaluationId), this.config.practiceRunsPerHour, new Date());
  }

  private async answerDetail(manager: EntityManager, run: PracticeRun): Promise<PracticeRunDetailDto> {
    const report = run.outcome ? await selectOptionalPracticeReport(manager, run.id) : null;
    return answerPracticeDetail(run, await this.standingOf(run), report, await this.allowance(manager, run.evaluationId));
  }

  private async standingOf(run: PracticeRun): Promise<PracticeStanding> {
    const isWaiting = !run.outcome && !run.startedAt;
    return { progress: this.progress.of(run.id), queue: isWaiting ? await this.queues.standingOf(run.id) : null };
  }
}
