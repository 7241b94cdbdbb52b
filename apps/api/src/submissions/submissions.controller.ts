import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { GradingRunListDto } from '../grading/grading.dto';
import { GradingService } from '../grading/grading.service';
import { answerRun } from '../grading/grading-run-answer';
import { SubmissionListDto } from './submissions.dto';
import { SubmissionsService } from './submissions.service';

/** The staff's side of submissions. */
@ApiTags('submissions')
@Controller()
export class SubmissionsController {
  constructor(
    private readonly submissions: SubmissionsService,
    private readonly grading: GradingService,
  ) {}

  /** All submissions of an evaluation, newest first. */
  @Get('evaluations/:id/submissions')
  @RequirePermission(Permission.ReadSubmissions)
  @ApiOkResponse({ type: SubmissionListDto })
  async list(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<SubmissionListDto> {
    return { items: await this.submissions.selectOfEvaluation(principal, id), nextCursor: null };
  }

  /** All grading runs of a submission, newest first. */
  @Get('submissions/:id/runs')
  @RequirePermission(Permission.ReadGrading)
  @ApiOkResponse({ type: GradingRunListDto })
  async runs(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<GradingRunListDto> {
    await this.submissions.requireSubmission(principal, id);
    const runs = await this.grading.selectRuns(principal.organisationId, id);
    return { items: runs.map(answerRun), nextCursor: null };
  }
}
