import { ESTIMATE_MEDIA_TYPES, estimateFileName } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';
import { Controller, Get, Param, ParseUUIDPipe, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Problem } from '../http/problem';
import type { CostEstimate } from './cost-estimate';
import { CostEstimatesService } from './cost-estimates.service';
import { ApiEstimateFile, attachment, EstimateFormatQuery, entityTag } from './estimate-export-file';
import { EstimateExportThreads } from './estimate-export-threads';

@ApiTags('estimates')
@Controller('estimates')
export class EstimateExportsController {
  constructor(
    private readonly estimates: CostEstimatesService,
    private readonly threads: EstimateExportThreads,
  ) {}

  /** The same estimate is the same file to the last byte, until it is renamed. */
  @Get(':id/export')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'An estimate as a table for spreadsheets, or as one page to forward' })
  @ApiEstimateFile()
  async export(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { format }: EstimateFormatQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | undefined> {
    const estimate = toExported(await this.estimates.selectEstimate(principal, id));
    const bytes = await this.threads.make(estimate, format, principal.organisationId);
    response.set({ ETag: entityTag(bytes), 'Cache-Control': 'private, no-cache' });
    if (request.fresh) {
      response.status(304);
      return undefined;
    }
    return new StreamableFile(bytes, {
      type: ESTIMATE_MEDIA_TYPES[format],
      length: bytes.length,
      disposition: attachment(estimateFileName(estimate, format)),
    });
  }
}

/** @throws Problem `conflict` for an estimate from before estimates were simulated */
function toExported({ id, name, createdAt, assumptionSet, report }: CostEstimate): ExportedEstimate {
  if (!report) {
    throw new Problem('conflict', 'This estimate was made before estimates were simulated; make a rerun of it and export that.');
  }
  return { id, name, createdAt: createdAt.toISOString(), assumptionSet, report };
}
