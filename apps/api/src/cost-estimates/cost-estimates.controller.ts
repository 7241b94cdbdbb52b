import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent, PreparedAnswer } from '../http/idempotency';
import { ApiPage, ArchivedQuery, type Page } from '../http/pagination';
import { EstimateDto, EstimateSummaryDto } from './cost-estimates.dto';
import { CostEstimatesService } from './cost-estimates.service';
import { CreateEstimateDto } from './create-estimate.dto';
import { Listener, StreamsEstimate } from './estimate-stream';
import { RenameEstimateDto } from './rename-estimate.dto';
import type { SimulationListener } from './simulation-threads';
import { toEstimateDto, toEstimateSummaryDto } from './to-estimate-dto';

@ApiTags('estimates')
@Controller('estimates')
export class CostEstimatesController {
  constructor(private readonly estimates: CostEstimatesService) {}

  @Post()
  @RequirePermission(Permission.CreateEstimates)
  @Idempotent({ prepares: true })
  @StreamsEstimate()
  @ApiOperation({ summary: 'Estimate what a project costs with each hiring model, and when it would be done' })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body() body: CreateEstimateDto,
    @Listener() listener: SimulationListener,
  ): Promise<PreparedAnswer<EstimateDto>> {
    const write = await this.estimates.create(principal, body, listener);
    return new PreparedAnswer(async () => toEstimateDto(await write()));
  }

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'Estimates with their totals, newest first' })
  @ApiPage(EstimateSummaryDto)
  async list(@CurrentPrincipal() principal: Principal, @Query() query: ArchivedQuery): Promise<Page<EstimateSummaryDto>> {
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

  @Patch(':id')
  @RequirePermission(Permission.CreateEstimates)
  @ApiOperation({ summary: 'Rename an estimate; nothing else of it ever changes' })
  @ApiOkResponse({ type: EstimateDto })
  async rename(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { name }: RenameEstimateDto,
  ): Promise<EstimateDto> {
    return toEstimateDto(await this.estimates.rename(principal, id, name));
  }

  @Post(':id/archive')
  @HttpCode(200)
  @RequirePermission(Permission.CreateEstimates)
  @ApiOperation({ summary: 'Take an estimate out of the list; it can still be read, compared and restored' })
  @ApiOkResponse({ type: EstimateDto })
  async archive(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<EstimateDto> {
    return toEstimateDto(await this.estimates.archive(principal, id));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @RequirePermission(Permission.CreateEstimates)
  @ApiOperation({ summary: 'Put an archived estimate back into the list' })
  @ApiOkResponse({ type: EstimateDto })
  async restore(@CurrentPrincipal() principal: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<EstimateDto> {
    return toEstimateDto(await this.estimates.restore(principal, id));
  }
}
