import { exportReport } from '@assay/report-export/export-report';
import { viewReport } from '@assay/report-export/view-report';
import { Controller, Get, Param, ParseUUIDPipe, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { GradingService } from '../grading/grading.service';
import { GradingReportsService } from '../grading-reports/grading-reports.service';
import { Problem } from '../http/problem';
import { ApiReportFormats, asFile, ReportFormatQuery } from './report-file';

const REPORT_SCHEMA = { type: 'object', description: 'docs/schema/grading-report-v1.schema.json' };

@ApiTags('grading')
@Controller('grading-runs')
export class ReportExportsController {
  constructor(
    private readonly grading: GradingService,
    private readonly reports: GradingReportsService,
  ) {}

  /** The report of a run as it is published, or in the format of another tool. */
  @Get(':id/report')
  @RequirePermission(Permission.ReadGrading)
  @ApiReportFormats(REPORT_SCHEMA)
  async report(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { format }: ReportFormatQuery,
  ): Promise<StreamableFile | object> {
    const run = await this.grading.selectRun(principal, id);
    const report = await this.reports.selectOptionalReport(principal.organisationId, id);
    if (!report) throw new Problem('not-graded', 'The run has no report (yet).');
    if (format === 'json') return report;
    return asFile(exportReport(viewReport(report, 'staff'), format, run.finishedAt?.getTime()));
  }
}
