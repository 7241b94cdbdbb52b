import { Controller, Get, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { Idempotent } from '../http/idempotency';
import { GradingEvidenceDto, GradingRunDto } from './grading.dto';
import { GradingService } from './grading.service';
import { GradingRelay } from './grading-relay';
import { answerRun } from './grading-run-answer';

@ApiTags('grading')
@Controller('grading-runs')
export class GradingRunsController {
  constructor(
    private readonly grading: GradingService,
    private readonly reports: GradingReportsService,
    private readonly relay: GradingRelay,
    private readonly database: TenantDatabase,
  ) {}

  /** A run with all its evidence. */
  @Get(':id')
  @RequirePermission(Permission.ReadGrading)
  @ApiOkResponse({ type: GradingEvidenceDto })
  async read(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<GradingEvidenceDto> {
    const run = await this.grading.selectRun(principal, id);
    const report = await this.reports.selectOptionalReport(principal.organisationId, id);
    return {
      run: answerRun(run),
      checks: report?.checks ?? [],
      findings: report?.findings ?? [],
      provenance: report?.provenance ?? null,
      timings: report?.timings ?? null,
    };
  }

  /** Grades the same submission once more, in a new run beside the old one. */
  @Post(':id/regrade')
  @RequirePermission(Permission.RequestRegrade)
  @Idempotent()
  @ApiCreatedResponse({ type: GradingRunDto })
  async regrade(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<GradingRunDto> {
    const run = await this.grading.regrade(principal, id);
    this.database.afterCommit(() => this.relay.wake());
    return answerRun(run);
  }
}
