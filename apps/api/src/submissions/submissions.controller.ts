import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { GradingRunDto } from '../grading/grading.dto';
import { GradingService } from '../grading/grading.service';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { SubmissionDto } from './submissions.dto';
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
  @ApiPage(SubmissionDto)
  list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() page: PageQuery,
  ): Promise<Page<SubmissionDto>> {
    return this.submissions.listOfEvaluation(principal, id, page);
  }

  /** All grading runs of a submission, newest first. */
  @Get('submissions/:id/runs')
  @RequirePermission(Permission.ReadGrading)
  @ApiPage(GradingRunDto)
  async runs(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() page: PageQuery,
  ): Promise<Page<GradingRunDto>> {
    await this.submissions.requireSubmission(principal, id);
    const runs = await this.grading.listRuns(principal, id, page);
    return { items: await this.grading.answerRuns(runs.items), nextCursor: runs.nextCursor };
  }
}
