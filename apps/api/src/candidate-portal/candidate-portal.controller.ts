import { Body, Controller, Get, HttpCode, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Permission } from '../auth/permission';
import { Public, RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { RateLimit } from '../http/rate-limit';
import { ApiReportFormats, asFile, ReportFormatQuery } from '../report-exports/report-file';
import { CandidateEvaluationDto, CandidateSessionDto, FeedbackDto, OpenSessionDto } from './candidate-portal.dto';
import { CandidatePortalService } from './candidate-portal.service';

@ApiTags('candidate')
@Controller('candidate')
export class CandidatePortalController {
  constructor(private readonly portal: CandidatePortalService) {}

  /** Opens a session with the token of a magic link. The link stays good until it expires or a newer one is sent. */
  @Post('session')
  @HttpCode(200)
  @Public('the token of the magic link is the credential')
  @RateLimit('sign-in')
  @ApiOkResponse({ type: CandidateSessionDto })
  openSession(@Body() body: OpenSessionDto): Promise<CandidateSessionDto> {
    return this.portal.openSession(body.token);
  }

  @Get('evaluation')
  @RequirePermission(Permission.TakeEvaluation)
  @ApiOkResponse({ type: CandidateEvaluationDto })
  evaluation(@CurrentPrincipal() principal: Principal): Promise<CandidateEvaluationDto> {
    return this.portal.selectEvaluation(principal);
  }

  /** Accepts the task and starts the clock. Starting again changes nothing. */
  @Post('evaluation/start')
  @HttpCode(200)
  @RequirePermission(Permission.TakeEvaluation)
  @ApiOkResponse({ type: CandidateEvaluationDto })
  start(@CurrentPrincipal() principal: Principal): Promise<CandidateEvaluationDto> {
    return this.portal.start(principal);
  }

  /** The starter project as tar.gz. */
  @Get('evaluation/starter')
  @RequirePermission(Permission.TakeEvaluation)
  @ApiProduces('application/gzip')
  @ApiOkResponse({ content: { 'application/gzip': { schema: { type: 'string', format: 'binary' } } } })
  async starter(
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const { name, archive } = await this.portal.selectStarter(principal);
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
    return new StreamableFile(archive, { type: 'application/gzip', length: archive.length });
  }

  /** What the organisation lets the candidate read of the grade, also as a file in the format of another tool. */
  @Get('evaluation/feedback')
  @RequirePermission(Permission.TakeEvaluation)
  @ApiExtraModels(FeedbackDto)
  @ApiReportFormats(FeedbackDto)
  async feedback(
    @CurrentPrincipal() principal: Principal,
    @Query() { format }: ReportFormatQuery,
  ): Promise<FeedbackDto | StreamableFile> {
    if (format === 'json') return this.portal.selectFeedback(principal);
    return asFile(await this.portal.selectFeedbackFile(principal, format));
  }
}
