import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent, PreparedAnswer } from '../http/idempotency';
import { PageQuery } from '../http/pagination';
import type { EstimateDto } from './cost-estimates.dto';
import { CreateScenarioDto, FamilyDto } from './estimate-scenarios.dto';
import { EstimateScenariosService } from './estimate-scenarios.service';
import { Listener, StreamsEstimate } from './estimate-stream';
import type { SimulationListener } from './simulation-threads';
import { toEstimateDto, toEstimateSummaryDto } from './to-estimate-dto';

@ApiTags('estimates')
@Controller('estimates')
export class EstimateScenariosController {
  constructor(private readonly scenarios: EstimateScenariosService) {}

  @Post(':id/scenarios')
  @RequirePermission(Permission.CreateEstimates)
  @Idempotent({ prepares: true })
  @StreamsEstimate()
  @ApiOperation({ summary: 'Make an estimate that differs from this one in what the body gives; all else stays' })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CreateScenarioDto,
    @Listener() listener: SimulationListener,
  ): Promise<PreparedAnswer<EstimateDto>> {
    const write = await this.scenarios.create(principal, id, body, listener);
    return new PreparedAnswer(async () => toEstimateDto(await write()));
  }

  @Get(':id/scenarios')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'The scenarios and re-runs of this family of estimates beside the one they all come from' })
  @ApiOkResponse({ type: FamilyDto })
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() page: PageQuery,
  ): Promise<FamilyDto> {
    const { base, items, nextCursor } = await this.scenarios.readFamily(principal, id, page);
    return {
      base: toEstimateSummaryDto(base),
      items: items.map((item) => ({
        ...toEstimateSummaryDto(item),
        changes: item.changes?.map(({ model, total, deliveryMonths }) => ({ model, total, deliveryMonths })) ?? null,
      })),
      nextCursor,
    };
  }
}
