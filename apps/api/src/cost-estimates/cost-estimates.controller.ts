import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent } from '../http/idempotency';
import { ApiPage, type Page, PageQuery } from '../http/pagination';
import { EstimateDto, EstimateSummaryDto, toEstimateDto, toEstimateSummaryDto } from './cost-estimates.dto';
import { CostEstimatesService } from './cost-estimates.service';
import { CreateEstimateDto } from './create-estimate.dto';

@ApiTags('estimates')
@Controller('estimates')
export class CostEstimatesController {
  constructor(private readonly estimates: CostEstimatesService) {}

  @Post()
  @RequirePermission(Permission.CreateEstimates)
  @Idempotent()
  @ApiOperation({ summary: 'Estimate what a project costs with each hiring model' })
  @ApiCreatedResponse({ type: EstimateDto })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateEstimateDto): Promise<EstimateDto> {
    return toEstimateDto(await this.estimates.create(principal, body));
  }

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'Estimates with their totals, newest first' })
  @ApiPage(EstimateSummaryDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<Page<EstimateSummaryDto>> {
    const { items, nextCursor } = await this.estimates.list(principal, query);
    return { items: items.map(toEstimateSummaryDto), nextCursor };
  }

  @Get(':id')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'An estimate, as it was answered when it was made' })
  @ApiOkResponse({ type: EstimateDto })
  async get(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<EstimateDto> {
    return toEstimateDto(await this.estimates.selectEstimate(principal, id));
  }
}
