import { canCancel, canDecide, canInvite, canStart, DEFAULT_ATTEMPTS } from '@assay/lifecycle/evaluation-actions';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { CandidatesService } from '../candidates/candidates.service';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound, Problem } from '../http/problem';
import { OrganisationsService } from '../organisations/organisations.service';
import { RubricsService } from '../rubrics/rubrics.service';
import { TasksService } from '../tasks/tasks.service';
import { Evaluation } from './evaluation.entity';
import type { CreateEvaluationDto, Decision } from './evaluations.dto';
import { InvitationsService } from './invitations.service';
import { requireAllowed } from './refusals';

const DEFAULT_ROLE = 'Django developer';

/** Evaluations from draft to grade. Status is derived from their times (`@assay/lifecycle`), never stored. */
@Injectable()
export class EvaluationsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly candidates: CandidatesService,
    private readonly tasks: TasksService,
    private readonly rubrics: RubricsService,
    private readonly organisations: OrganisationsService,
    private readonly invitations: InvitationsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws Problem `not-found` for a candidate, task or rubric that is not there, `invalid-input` for times in the wrong order */
  async create(principal: Principal, input: CreateEvaluationDto): Promise<Evaluation> {
    const opensAt = input.opensAt ? new Date(input.opensAt) : null;
    const closesAt = input.closesAt ? new Date(input.closesAt) : null;
    refuseTimesInDisorder(opensAt, closesAt);
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const candidate = await this.candidates.selectCandidate(principal, input.candidateId);
      const task = await this.tasks.selectCurrentVersion(input.taskSlug);
      const rubric = input.rubricId ? await this.rubrics.selectStored(input.rubricId) : await this.rubrics.selectCurrent();
      const inserted = await manager.insert(Evaluation, {
        organisationId: principal.organisationId,
        candidateId: candidate.id,
        taskVersionId: task.id,
        rubricId: rubric.id,
        role: input.role ?? DEFAULT_ROLE,
        timeBoxMinutes: input.timeBoxMinutes ?? task.timeBoxMinutes,
        attemptsAllowed: input.attemptsAllowed ?? DEFAULT_ATTEMPTS,
        unstartableUsesAttempt:
          input.unstartableUsesAttempt ??
          (await this.organisations.selectOrganisation(principal.organisationId)).unstartableUsesAttempt,
        opensAt,
        closesAt,
        createdBy: principal.id,
      });
      const evaluation = await manager.findOneByOrFail(Evaluation, { id: inserted.identifiers[0]?.id as string });
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'evaluation.created',
        subjectKind: 'evaluation',
        subjectId: evaluation.id,
        detail: { candidateId: candidate.id, task: `${task.slug} ${task.version}` },
      });
      return evaluation;
    });
  }

  async list(principal: Principal, page: PageQuery, candidateId?: string): Promise<Page<Evaluation>> {
    return this.database.inOrganisation(principal.organisationId, (manager) => {
      const query = manager.createQueryBuilder(Evaluation, 'evaluation').where('evaluation.organisation_id = :organisationId', {
        organisationId: principal.organisationId,
      });
      if (candidateId) query.andWhere('evaluation.candidate_id = :candidateId', { candidateId });
      return readPage(query, page);
    });
  }

  /** @throws Problem `not-found` */
  async selectEvaluation(principal: Principal, id: string): Promise<Evaluation> {
    const evaluation = await this.database.inOrganisation(principal.organisationId, (manager) =>
      manager.findOneBy(Evaluation, { id }),
    );
    if (!evaluation) throw notFound('evaluation');
    return evaluation;
  }

  /** The evaluation, locked until the caller's transaction ends, so that two requests cannot both take its last attempt. */
  async lockEvaluation(manager: EntityManager, id: string): Promise<Evaluation> {
    const evaluation = await manager.findOne(Evaluation, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!evaluation) throw notFound('evaluation');
    return evaluation;
  }

  /** Makes a new invitation for the candidate; links sent before stop working. */
  async invite(principal: Principal, id: string): Promise<{ evaluation: Evaluation; token: string; expiresAt: Date }> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const evaluation = await this.lockEvaluation(manager, id);
      requireAllowed(canInvite(evaluation, new Date()));
      const { token, expiresAt } = await this.invitations.issue(manager, id, principal);
      if (!evaluation.invitedAt) {
        evaluation.invitedAt = new Date();
        await manager.update(Evaluation, { id }, { invitedAt: evaluation.invitedAt });
      }
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'evaluation.invited',
        subjectKind: 'evaluation',
        subjectId: id,
      });
      return { evaluation, token, expiresAt };
    });
  }

  /** Starts the candidate's clock; a second start changes nothing. */
  async start(principal: Principal, id: string): Promise<Evaluation> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const evaluation = await this.lockEvaluation(manager, id);
      const now = new Date();
      requireAllowed(canStart(evaluation, now));
      if (evaluation.startedAt) return evaluation;
      await manager.update(Evaluation, { id }, { startedAt: now });
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'evaluation.started',
        subjectKind: 'evaluation',
        subjectId: id,
      });
      return { ...evaluation, startedAt: now };
    });
  }

  /** Records what the organisation makes of the evaluation; nothing is taken from the candidate after that, and feedback opens. */
  async decide(principal: Principal, id: string, decision: Decision): Promise<Evaluation> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const evaluation = await this.lockEvaluation(manager, id);
      const now = new Date();
      requireAllowed(canDecide(evaluation, now));
      await manager.update(Evaluation, { id }, { decision, decidedAt: now });
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'evaluation.decided',
        subjectKind: 'evaluation',
        subjectId: id,
        detail: { decision },
      });
      return { ...evaluation, decision, decidedAt: now };
    });
  }

  /** Calls the evaluation off. What was handed in and graded stays. */
  async cancel(principal: Principal, id: string): Promise<Evaluation> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const evaluation = await this.lockEvaluation(manager, id);
      requireAllowed(canCancel(evaluation));
      const cancelledAt = new Date();
      await manager.update(Evaluation, { id }, { cancelledAt });
      await this.audit.record(manager, principal.organisationId, principal, {
        action: 'evaluation.cancelled',
        subjectKind: 'evaluation',
        subjectId: id,
      });
      return { ...evaluation, cancelledAt };
    });
  }

  async noteSubmitted(manager: EntityManager, id: string): Promise<void> {
    await manager.query('UPDATE evaluations SET submitted_at = coalesce(submitted_at, now()) WHERE id = $1', [id]);
  }

  /** Notes that a submission of the evaluation was graded; returns the evaluation's id. */
  async noteGraded(manager: EntityManager, submissionId: string): Promise<string> {
    const [updated] = (await manager.query(
      `UPDATE evaluations SET graded_at = coalesce(graded_at, now())
        WHERE id = (SELECT evaluation_id FROM submissions WHERE id = $1) RETURNING id`,
      [submissionId],
    )) as [{ id: string }[], number];
    const id = updated[0]?.id;
    if (!id) throw notFound('submission');
    return id;
  }
}

function refuseTimesInDisorder(opensAt: Date | null, closesAt: Date | null): void {
  if (closesAt && closesAt <= new Date()) {
    throw new Problem('invalid-input', 'closesAt: must lie in the future.', [
      { path: 'closesAt', message: 'must lie in the future' },
    ]);
  }
  if (opensAt && closesAt && opensAt >= closesAt) {
    throw new Problem('invalid-input', 'closesAt: must lie after opensAt.', [
      { path: 'closesAt', message: 'must lie after opensAt' },
    ]);
  }
}
