import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { CandidatesService } from '../candidates/candidates.service';
import { TenantDatabase } from '../database/tenant-database';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { PublicLinks } from '../http/public-links';
import { Mailer } from '../mail/mailer';
import type { Evaluation } from './evaluation.entity';
import { answerEvaluations } from './evaluation-answer';
import { CreateEvaluationDto, EvaluationDto, InvitationDto } from './evaluations.dto';
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
  async invite(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<InvitationDto> {
    const { evaluation, token, expiresAt } = await this.evaluations.invite(principal, id);
    const candidate = await this.candidates.selectCandidate(principal, evaluation.candidateId);
    const inviteUrl = this.links.invitation(token);
    const mailed = await this.mailer.send({
      to: candidate.email,
      ...invitationMail(candidate.name, evaluation, inviteUrl, expiresAt),
    });
    return { inviteUrl, expiresAt: expiresAt.toISOString(), mailed };
  }

  private async answer(principal: Principal, evaluation: Evaluation): Promise<EvaluationDto> {
    const [answer] = await this.database.inOrganisation(principal.organisationId, (manager) =>
      answerEvaluations(manager, [evaluation], new Date()),
    );
    return answer as EvaluationDto;
  }
}
