import { createHash } from 'node:crypto';
import type { InspectedArchive } from '@assay/archive/submission-archive';
import { type AttemptPolicy, canSubmit, type SubmissionRuns } from '@assay/lifecycle/evaluation-actions';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { CandidatePrincipal, Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { requireAllowed } from '../evaluations/refusals';
import { GradingService } from '../grading/grading.service';
import { GradingProgress } from '../grading/grading-progress';
import { GradingQueues } from '../grading/grading-queues';
import { GradingRelay } from '../grading/grading-relay';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound } from '../http/problem';
import { inspectUpload } from './inspect-upload';
import { Submission } from './submission.entity';
import { answerSubmission } from './submission-answer';
import type { SubmissionDto } from './submissions.dto';

type Policy = Pick<AttemptPolicy, 'unstartableUsesAttempt'>;

/** Takes submissions in and tells how they stand. */
@Injectable()
export class SubmissionsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly evaluations: EvaluationsService,
    private readonly grading: GradingService,
    private readonly progress: GradingProgress,
    private readonly relay: GradingRelay,
    private readonly queues: GradingQueues,
    private readonly audit: AuditService,
  ) {}

  /**
   * Checks the archive, then stores it with its grading run and outbox row in one transaction.
   *
   * @param arrivedAt when the request began: an upload that began in time is in time
   * @throws Problem `archive-refused`, or why the evaluation takes no submission now
   */
  async submit(principal: CandidatePrincipal, archive: Buffer, arrivedAt: Date): Promise<SubmissionDto> {
    const inspected = await inspectUpload(archive);
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const evaluation = await this.evaluations.lockEvaluation(manager, principal.evaluationId);
      const runs = await this.selectRunOutcomes(manager, evaluation.id);
      requireAllowed(canSubmit(evaluation, runs, evaluation, arrivedAt));
      const submission = await this.store(manager, principal, archive, inspected);
      await this.grading.request(manager, {
        organisationId: principal.organisationId,
        submissionId: submission.id,
        taskVersionId: evaluation.taskVersionId,
        rubricId: evaluation.rubricId,
        requestedBy: null,
      });
      await this.evaluations.noteSubmitted(manager, evaluation.id);
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'submission.received',
        subjectKind: 'submission',
        subjectId: submission.id,
        detail: { sha256: submission.archiveSha256, bytes: submission.archiveBytes, files: submission.fileCount },
      });
      this.database.afterCommit(() => this.relay.wake());
      return this.answerOne(submission, evaluation);
    });
  }

  /** How a submission of the candidate's own evaluation stands. */
  async selectOwn(principal: CandidatePrincipal, id: string): Promise<SubmissionDto> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const submission = await manager.findOneBy(Submission, { id, evaluationId: principal.evaluationId });
      if (!submission) throw notFound('submission');
      return this.answerOne(submission, await this.evaluations.selectEvaluation(principal, principal.evaluationId));
    });
  }

  /** The submissions of an evaluation, newest first. */
  async listOfEvaluation(principal: Principal, evaluationId: string, page: PageQuery): Promise<Page<SubmissionDto>> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const evaluation = await this.evaluations.selectEvaluation(principal, evaluationId);
      const query = manager
        .createQueryBuilder(Submission, 'submission')
        .where('submission.organisation_id = :organisationId', { organisationId: principal.organisationId })
        .andWhere('submission.evaluation_id = :evaluationId', { evaluationId });
      const found = await readPage(query, page);
      return { items: await this.answer(principal.organisationId, found.items, evaluation), nextCursor: found.nextCursor };
    });
  }

  /** @throws Problem `not-found` when there is no such submission in the organisation */
  async requireSubmission(principal: Principal, id: string): Promise<void> {
    const found = await this.database.inOrganisation(principal.organisationId, (manager) => manager.existsBy(Submission, { id }));
    if (!found) throw notFound('submission');
  }

  private async store(
    manager: EntityManager,
    principal: CandidatePrincipal,
    archive: Buffer,
    inspected: InspectedArchive,
  ): Promise<Submission> {
    const inserted = await manager.insert(Submission, {
      organisationId: principal.organisationId,
      evaluationId: principal.evaluationId,
      archiveSha256: createHash('sha256').update(archive).digest('hex'),
      archiveBytes: archive.length,
      archiveKind: inspected.kind,
      fileCount: inspected.files.length,
    });
    const submission = await manager.findOneByOrFail(Submission, { id: inserted.identifiers[0]?.id as string });
    await manager.query('INSERT INTO submission_archives (submission_id, organisation_id, content) VALUES ($1, $2, $3)', [
      submission.id,
      principal.organisationId,
      archive,
    ]);
    return submission;
  }

  private async selectRunOutcomes(manager: EntityManager, evaluationId: string): Promise<SubmissionRuns[]> {
    return (await manager.query(
      `SELECT array_agg(run.outcome) AS outcomes
         FROM submissions submission JOIN grading_runs run ON run.submission_id = submission.id AND run.regrade_id IS NULL
        WHERE submission.evaluation_id = $1 GROUP BY submission.id`,
      [evaluationId],
    )) as SubmissionRuns[];
  }

  private async answerOne(submission: Submission, policy: Policy): Promise<SubmissionDto> {
    const [answer] = await this.answer(submission.organisationId, [submission], policy);
    return answer as SubmissionDto;
  }

  private async answer(organisationId: string, submissions: readonly Submission[], policy: Policy): Promise<SubmissionDto[]> {
    const runs = await this.grading.selectNewestRuns(
      organisationId,
      submissions.map((submission) => submission.id),
    );
    const answers = submissions.map(async (submission) => {
      const run = runs.get(submission.id) ?? null;
      const queue = run && !run.outcome && !run.startedAt ? await this.queues.standingOf(run.id) : null;
      return answerSubmission(submission, { run, phase: run && this.progress.phaseOf(run.id), queue, policy });
    });
    return Promise.all(answers);
  }
}
