import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { CandidatesService } from '../candidates/candidates.service';
import { TenantDatabase } from '../database/tenant-database';
import { Idempotent, UnfinishedAnswer } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { PublicLinks } from '../http/public-links';
import { Mailer } from '../mail/mailer';
import type { Evaluation } from './evaluation.entity';
import { answerEvaluations } from './evaluation-answer';
import { CreateEvaluationDto, DecideEvaluationDto, EvaluationDto, InvitationDto } from './evaluations.dto';
import { EvaluationsService } from './evaluations.service';
import { invitationMail } from './invitation-mail';

class EvaluationsQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only this candidate.' })
  @IsOptional()
  @IsUUID()
  candidateId?: string;
}

@ApiTags('evaluations')
@Controller('evaluations')
export class EvaluationsController {
  constructor(
    private readonly evaluations: EvaluationsService,
    private readonly candidates: CandidatesService,
    private readonly database: TenantDatabase,
    private readonly mailer: Mailer,
    private readonly links: PublicLinks,
  ) {}

  @Post()
  @RequirePermission(Permission.ManageEvaluations)
  @Idempotent()
  @ApiCreatedResponse({ type: EvaluationDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateEvaluationDto): Promise<EvaluationDto> {
    return this.answer(principal, await this.evaluations.create(principal, body));
  }

  @Get()
  @RequirePermission(Permission.ReadEvaluations)
  @ApiPage(EvaluationDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: EvaluationsQuery): Promise<Page<EvaluationDto>> {
    return this.database.inOrganisation(principal.organisationId, async (manager) => {
      const page = await this.evaluations.list(principal, query, query.candidateId);
      return { ...page, items: await answerEvaluations(manager, page.items, new Date()) };
    });
  }

  @Get(':id')
  @RequirePermission(Permission.ReadEvaluations)
  @ApiOkResponse({ type: EvaluationDto })
  async read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<EvaluationDto> {
    return this.answer(principal, await this.evaluations.selectEvaluation(principal, id));
  }

  /** Sends the candidate a fresh magic link and shows it to the recruiter, once. Links sent before stop working. */
  @Post(':id/invite')
  @RequirePermission(Permission.ManageEvaluations)
  @Idempotent({ shownOnce: ['inviteUrl'] })
  @ApiCreatedResponse({ type: InvitationDto })
  async invite(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<UnfinishedAnswer<InvitationDto>> {
    const { evaluation, token, expiresAt } = await this.evaluations.invite(principal, id);
    const candidate = await this.candidates.selectCandidate(principal, evaluation.candidateId);
    const inviteUrl = this.links.invitation(token);
    const invitation = { inviteUrl, expiresAt: expiresAt.toISOString(), mailed: false };
    const mail = { to: candidate.email, ...invitationMail(candidate.name, evaluation, inviteUrl, expiresAt) };
    return new UnfinishedAnswer(invitation, async () => ({ ...invitation, mailed: await this.mailer.send(mail) }));
  }

  /** Records the decision and opens the feedback that is given after it. */
  @Post(':id/decision')
  @HttpCode(200)
  @RequirePermission(Permission.ManageEvaluations)
  @ApiOkResponse({ type: EvaluationDto })
  async decide(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: DecideEvaluationDto,
  ): Promise<EvaluationDto> {
    return this.answer(principal, await this.evaluations.decide(principal, id, body.decision));
  }

  /** Calls the evaluation off; the candidate's link opens it no more for work. */
  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission(Permission.ManageEvaluations)
  @ApiOkResponse({ type: EvaluationDto })
  async cancel(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<EvaluationDto> {
    return this.answer(principal, await this.evaluations.cancel(principal, id));
  }

  private async answer(principal: Principal, evaluation: Evaluation): Promise<EvaluationDto> {
    const [answer] = await this.database.inOrganisation(principal.organisationId, (manager) =>
      answerEvaluations(manager, [evaluation], new Date()),
    );
    return answer as EvaluationDto;
  }
}
