import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { type GradingRun, GradingService } from '../grading/grading.service';
import { GradingRelay } from '../grading/grading-relay';
import { Problem } from '../http/problem';
import { RubricsService } from '../rubrics/rubrics.service';
import { TasksService, type TaskVersion } from '../tasks/tasks.service';
import { Regrade } from './regrade.entity';
import type { CreateRegradeDto } from './regrade-request.dto';
import {
  type GradedSubmission,
  insertItems,
  lockTask,
  selectEvaluationsOfTask,
  selectGradedSubmissions,
} from './regrades.queries';

const REASON_OF_ONE = 'One run graded again';

/** Asks for submissions to be graded again, in new runs beside the old ones. */
@Injectable()
export class RegradeRequests {
  constructor(
    private readonly database: TenantDatabase,
    private readonly grading: GradingService,
    private readonly relay: GradingRelay,
    private readonly evaluations: EvaluationsService,
    private readonly tasks: TasksService,
    private readonly rubrics: RubricsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * One new run for each graded submission of the task, or of these evaluations of it.
   *
   * @throws Problem `not-found` for a task or version that is not there, `conflict` for one that is not installed, `invalid-input`
   *   for evaluations of other tasks, `nothing-to-regrade`, `regrade-open`, `rubric-mismatch`
   */
  async create(principal: Principal, input: CreateRegradeDto): Promise<Regrade> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const target = await this.selectTarget(input.taskSlug, input.toVersion);
      await lockTask(manager, principal.organisationId, target.slug);
      await refuseOtherEvaluations(manager, target.slug, input.evaluationIds ?? []);
      const submissions = await selectGradedSubmissions(manager, target.slug, input.evaluationIds ?? null);
      if (submissions.length === 0) {
        throw new Problem('nothing-to-regrade', `None of these evaluations of ${target.slug} has a graded submission.`);
      }
      return (await this.request(manager, principal, { target, submissions, reason: input.reason })).regrade;
    });
  }

  /**
   * Another run of the submission, with the version of this one. Where the submission has a scorecard it is a regrade, which counts
   * for nothing until it is approved; where it has none, the candidate is owed a grade and the run gives it.
   *
   * @throws Problem `regrade-open`, `conflict` when its version is not installed, or `submission-in-grading` while a run of the submission's own is not over
   */
  async regradeRun(principal: Principal, runId: string, reason = REASON_OF_ONE): Promise<GradingRun> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const run = await this.grading.selectRun(principal, runId);
      const target = await this.tasks.selectVersion(run.taskVersionId);
      const evaluationId = await this.grading.selectEvaluationId(manager, run);
      await lockTask(manager, principal.organisationId, target.slug);
      const graded = await selectGradedSubmissions(manager, target.slug, [evaluationId]);
      const submission = graded.find(({ submissionId }) => submissionId === run.submissionId);
      if (submission) await this.refuseOutdated(target);
      const made = submission
        ? (await this.request(manager, principal, { target, submissions: [submission], reason })).runIds[0]
        : await this.gradeAfresh(manager, principal, run, evaluationId);
      return this.grading.selectRun(principal, made as string);
    });
  }

  private async selectTarget(slug: string, version: string | undefined): Promise<TaskVersion> {
    const versions = await this.tasks.listVersions(slug);
    const known = [...new Set(versions.map((one) => one.version))].join(', ');
    if (versions.length === 0) throw new Problem('not-found', `There is no task "${slug}".`);
    const current = await this.tasks.selectCurrentVersion(slug);
    if (version === undefined || version === current.version) return current;
    if (versions.some((one) => one.version === version)) {
      throw new Problem(
        'conflict',
        `Version ${version} of ${slug} is not installed any more, ${current.version} is. Workers hold one version of a task: install ${version} again to grade with it.`,
      );
    }
    throw new Problem('not-found', `There is no version ${version} of ${slug}, but there is ${known}. Install the pack first.`);
  }

  /** Workers hold one version of a task; with another one a run would end as a fault of ours. */
  private async refuseOutdated({ id, slug, version }: TaskVersion): Promise<void> {
    const current = await this.tasks.selectOptionalCurrentVersion(slug);
    if (!current || current.id === id) return;
    throw new Problem(
      'conflict',
      `The run used ${slug} ${version}, but ${current.version} (${current.contentHash.slice(0, 12)}) is installed. Ask for a regrade of its evaluation to that: POST /api/v1/regrades.`,
    );
  }

  private async request(
    manager: EntityManager,
    principal: Principal,
    wish: { readonly target: TaskVersion; readonly submissions: readonly GradedSubmission[]; readonly reason: string },
  ): Promise<{ regrade: Regrade; runIds: string[] }> {
    const { target, submissions, reason } = wish;
    refuseOpen(submissions);
    await this.refuseOtherCriteria(target, submissions);
    const { organisationId } = principal;
    const inserted = await manager.insert(Regrade, {
      organisationId,
      taskVersionId: target.id,
      reason,
      requestedBy: principal.id,
    });
    const regrade = await manager.findOneByOrFail(Regrade, { id: inserted.identifiers[0]?.id as string });
    const runs = await this.grading.requestRegrade(manager, {
      organisationId,
      regradeId: regrade.id,
      taskVersionId: target.id,
      requestedBy: principal.id,
      submissions,
    });
    const items = submissions.map((submission) => ({ submission, newRunId: runs.get(submission.submissionId) as string }));
    await insertItems(manager, organisationId, regrade.id, items);
    await this.audit.record(manager, organisationId, principal, {
      action: 'regrade.requested',
      subjectKind: 'regrade',
      subjectId: regrade.id,
      detail: { task: `${target.slug} ${target.version}`, submissions: items.length, reason },
    });
    this.database.afterCommit(() => this.relay.wake());
    return { regrade, runIds: items.map(({ newRunId }) => newRunId) };
  }

  /** For a submission without a grade: a run like its first one. */
  private async gradeAfresh(
    manager: EntityManager,
    principal: Principal,
    earlier: GradingRun,
    evaluationId: string,
  ): Promise<string> {
    await this.evaluations.lockEvaluation(manager, evaluationId);
    const newest = (await this.grading.selectNewestRuns(principal.organisationId, [earlier.submissionId])).get(
      earlier.submissionId,
    );
    if (newest && newest.outcome === null) {
      throw new Problem('submission-in-grading', 'A run of this submission is not over yet. Wait for its outcome.');
    }
    const { organisationId, submissionId, taskVersionId, rubricId } = earlier;
    const run = await this.grading.request(manager, {
      organisationId,
      submissionId,
      taskVersionId,
      rubricId,
      requestedBy: principal.id,
    });
    await this.audit.record(manager, organisationId, principal, {
      action: 'grading_run.regrade_requested',
      subjectKind: 'grading_run',
      subjectId: run.id,
      detail: { earlierRunId: earlier.id },
    });
    this.database.afterCommit(() => this.relay.wake());
    return run.id;
  }

  /** A scorecard can only be made when the rubric of the evaluation has every criterion that the version measures. */
  private async refuseOtherCriteria(target: TaskVersion, submissions: readonly GradedSubmission[]): Promise<void> {
    for (const rubricId of new Set(submissions.map((submission) => submission.rubricId))) {
      const rubric = await this.rubrics.selectRubric(rubricId);
      const criteria = new Set(rubric.areas.flatMap((area) => area.criteria.map(({ id }) => id)));
      const missing = target.measuredCriteria.filter((id) => !criteria.has(id));
      if (missing.length === 0) continue;
      throw new Problem(
        'rubric-mismatch',
        `${target.slug} ${target.version} measures ${missing.join(', ')}, which rubric ${rubric.version} of these evaluations lacks.`,
      );
    }
  }
}

function refuseOpen(submissions: readonly GradedSubmission[]): void {
  const open = [...new Set(submissions.flatMap(({ openRegradeId }) => openRegradeId ?? []))];
  if (open.length === 0) return;
  throw new Problem(
    'regrade-open',
    `Some of these submissions are in a regrade that is not decided yet: ${open.slice(0, 3).join(', ')}. Decide on it or cancel it first.`,
  );
}

async function refuseOtherEvaluations(manager: EntityManager, slug: string, ids: readonly string[]): Promise<void> {
  const known = await selectEvaluationsOfTask(manager, slug, ids);
  const errors = ids.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `evaluationIds.${index}`, message: `is no evaluation of ${slug}` }],
  );
  if (errors.length > 0) throw new Problem('invalid-input', `${errors[0]?.path}: ${errors[0]?.message}.`, errors);
}
