import { deadline, timeLeft } from '@assay/lifecycle/deadline';
import { evaluationStatus } from '@assay/lifecycle/evaluation-status';
import type { ExportedReport, ExportFormat } from '@assay/report-export/export-report';
import { Injectable } from '@nestjs/common';
import { AccessTokenService } from '../auth/access-token.service';
import { CANDIDATE_PERMISSIONS } from '../auth/permission';
import { type CandidatePrincipal, candidateOf, type Principal } from '../auth/principal';
import { timeOf } from '../evaluations/evaluation-answer';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { InvitationsService } from '../evaluations/invitations.service';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { Problem } from '../http/problem';
import { OrganisationsService } from '../organisations/organisations.service';
import { PracticeRunsService } from '../practice/practice-runs.service';
import { ScorecardsService } from '../scorecards/scorecards.service';
import { TasksService } from '../tasks/tasks.service';
import type { CandidateEvaluationDto, CandidateSessionDto, FeedbackDto } from './candidate-portal.dto';
import { feedbackFile, feedbackFor } from './feedback';

/** What a candidate sees and does: always their own evaluation, taken from the token and never from the request. */
@Injectable()
export class CandidatePortalService {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly tokens: AccessTokenService,
    private readonly evaluations: EvaluationsService,
    private readonly tasks: TasksService,
    private readonly reports: GradingReportsService,
    private readonly scorecards: ScorecardsService,
    private readonly organisations: OrganisationsService,
    private readonly practice: PracticeRunsService,
  ) {}

  /** Opens a session with the token of a magic link. */
  async openSession(token: string): Promise<CandidateSessionDto> {
    const { organisationId, evaluationId } = await this.invitations.open(token);
    const asCandidate: CandidatePrincipal = {
      kind: 'candidate',
      id: evaluationId,
      organisationId,
      evaluationId,
      permissions: CANDIDATE_PERMISSIONS,
    };
    const { candidateId } = await this.evaluations.selectEvaluation(asCandidate, evaluationId);
    return this.tokens.issueForCandidate({ id: candidateId, organisationId, evaluationId });
  }

  async start(principal: Principal): Promise<CandidateEvaluationDto> {
    const candidate = candidateOf(principal);
    await this.evaluations.start(candidate, candidate.evaluationId);
    return this.selectEvaluation(candidate);
  }

  async selectEvaluation(principal: Principal): Promise<CandidateEvaluationDto> {
    const candidate = candidateOf(principal);
    const evaluation = await this.evaluations.selectEvaluation(candidate, candidate.evaluationId);
    const { startedAt, timeBoxMinutes, closesAt } = evaluation;
    const now = new Date();
    return {
      id: evaluation.id,
      role: evaluation.role,
      status: evaluationStatus(evaluation, now),
      task: evaluation.startedAt ? await this.selectTask(evaluation.taskVersionId) : null,
      timeBoxMinutes: evaluation.timeBoxMinutes,
      opensAt: timeOf(evaluation.opensAt),
      closesAt: timeOf(evaluation.closesAt),
      startedAt: timeOf(evaluation.startedAt),
      deadline: timeOf(deadline(startedAt, timeBoxMinutes, closesAt)),
      secondsLeft: startedAt ? Math.floor(timeLeft(startedAt, timeBoxMinutes, closesAt, now) / 1000) : null,
      attemptsAllowed: evaluation.attemptsAllowed,
      unstartableUsesAttempt: evaluation.unstartableUsesAttempt,
      practice: evaluation.startedAt ? await this.practice.allowanceOf(candidate) : null,
    };
  }

  /**
   * The starter project as tar.gz, with the name to save it under.
   *
   * @throws Problem `evaluation-not-started`: the clock starts before the task is seen
   */
  async selectStarter(principal: Principal): Promise<{ name: string; archive: Buffer }> {
    const candidate = candidateOf(principal);
    const evaluation = await this.evaluations.selectEvaluation(candidate, candidate.evaluationId);
    if (!evaluation.startedAt)
      throw new Problem('evaluation-not-started', 'Start the evaluation first: POST /api/v1/candidate/evaluation/start.');
    const task = await this.tasks.selectVersion(evaluation.taskVersionId);
    return { name: `${task.slug}-${task.version}.tar.gz`, archive: await this.tasks.selectStarter(evaluation.taskVersionId) };
  }

  async selectFeedback(principal: Principal): Promise<FeedbackDto> {
    return feedbackFor(await this.selectFeedbackState(principal));
  }

  /** @throws Problem `conflict` when there is no feedback (yet) */
  async selectFeedbackFile(principal: Principal, format: ExportFormat): Promise<ExportedReport> {
    return feedbackFile(await this.selectFeedbackState(principal), format);
  }

  private async selectFeedbackState(principal: Principal): Promise<Parameters<typeof feedbackFor>[0]> {
    const candidate = candidateOf(principal);
    const evaluation = await this.evaluations.selectEvaluation(candidate, candidate.evaluationId);
    const scorecard = await this.scorecards.selectOptionalCounting(candidate, candidate.evaluationId);
    return {
      policy: await this.organisations.selectFeedbackPolicy(candidate.organisationId),
      decided: evaluation.decidedAt !== null,
      report: scorecard ? await this.reports.selectOptionalReport(candidate.organisationId, scorecard.gradingRunId) : null,
    };
  }

  private async selectTask(taskVersionId: string): Promise<{ slug: string; version: string; title: string; prompt: string }> {
    const { slug, version, title, prompt } = await this.tasks.selectVersion(taskVersionId);
    return { slug, version, title, prompt };
  }
}
