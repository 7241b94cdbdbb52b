import { Body, Controller, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { Idempotent, PreparedAnswer } from '../http/idempotency';
import type { EstimateDto } from './cost-estimates.dto';
import { CreateRerunDto } from './estimate-reruns.dto';
import { EstimateRerunsService } from './estimate-reruns.service';
import { Listener, StreamsEstimate } from './estimate-stream';
import type { SimulationListener } from './simulation-threads';
import { toEstimateDto } from './to-estimate-dto';

@ApiTags('estimates')
@Controller('estimates')
export class EstimateRerunsController {
  constructor(private readonly reruns: EstimateRerunsService) {}

  @Post(':id/reruns')
  @RequirePermission(Permission.CreateEstimates)
  @Idempotent({ prepares: true })
  @StreamsEstimate()
  @ApiOperation({ summary: 'Estimate the same need or project again with later assumptions' })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: CreateRerunDto,
    @Listener() listener: SimulationListener,
  ): Promise<PreparedAnswer<EstimateDto>> {
    const write = await this.reruns.create(principal, id, body, listener);
    return new PreparedAnswer(async () => toEstimateDto(await write()));
  }
}
