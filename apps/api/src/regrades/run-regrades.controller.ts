import { isChanged } from '@assay/scoring/compare-reports';
import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { GradeComparisons } from '../grading/grade-comparisons.service';
import { GradingRunDto } from '../grading/grading.dto';
import { type GradingRun, GradingService } from '../grading/grading.service';
import { Idempotent } from '../http/idempotency';
import { Problem } from '../http/problem';
import { type ComparisonDto, RunComparisonDto } from './comparison.dto';
import { ComparisonQuery, RegradeRunDto } from './regrade-request.dto';
import { RegradeRequests } from './regrade-requests.service';

/** Single runs beside others of their submission. */
@ApiTags('grading')
@Controller('grading-runs')
export class RunRegradesController {
  constructor(
    private readonly grading: GradingService,
    private readonly comparisons: GradeComparisons,
    private readonly requests: RegradeRequests,
  ) {}

  /** Grades the same submission once more, in a new run beside the old one. Its scorecard counts once it is approved. */
  @Post(':id/regrade')
  @RequirePermission(Permission.RequestRegrade)
  @Idempotent()
  @ApiCreatedResponse({ type: GradingRunDto })
  async regrade(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RegradeRunDto,
  ): Promise<GradingRunDto> {
    return this.grading.answerRun(await this.requests.regradeRun(principal, id, body?.reason));
  }

  /** What a run says otherwise than another run of the same submission. */
  @Get(':id/comparison')
  @RequirePermission(Permission.ReadGrading)
  @ApiOkResponse({ type: RunComparisonDto })
  async compare(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: ComparisonQuery,
  ): Promise<RunComparisonDto> {
    const later = await this.grading.selectRun(principal, id);
    const earlier = await this.grading.selectRun(principal, query.with);
    if (later.submissionId !== earlier.submissionId) {
      throw new Problem('invalid-input', 'with: must be a run of the same submission.', [
        { path: 'with', message: 'must be a run of the same submission' },
      ]);
    }
    const comparison = await this.comparisons.compare(requireFinished(earlier), requireFinished(later));
    return {
      earlierRunId: earlier.id,
      laterRunId: later.id,
      submissionId: later.submissionId,
      changed: isChanged(comparison),
      comparison: comparison as ComparisonDto,
    };
  }
}

function requireFinished(run: GradingRun): GradingRun & { outcome: NonNullable<GradingRun['outcome']> } {
  if (run.outcome === null) throw new Problem('not-graded', `The run ${run.id} is not over yet.`);
  return { ...run, outcome: run.outcome };
}
