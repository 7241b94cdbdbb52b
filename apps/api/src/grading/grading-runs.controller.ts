import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { GradingEvidenceDto } from './grading.dto';
import { GradingService } from './grading.service';

@ApiTags('grading')
@Controller('grading-runs')
export class GradingRunsController {
  constructor(
    private readonly grading: GradingService,
    private readonly reports: GradingReportsService,
  ) {}

  /** A run with all its evidence. */
  @Get(':id')
  @RequirePermission(Permission.ReadGrading)
  @ApiOkResponse({ type: GradingEvidenceDto })
  async read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<GradingEvidenceDto> {
    const run = await this.grading.selectRun(principal, id);
    const report = await this.reports.selectOptionalReport(principal.organisationId, id);
    return {
      run: await this.grading.answerRun(run),
      checks: report?.checks ?? [],
      findings: report?.findings ?? [],
      provenance: report?.provenance ?? null,
      timings: report?.timings ?? null,
    };
  }
}
