import type { EstimateDifference } from '@assay/cost-model/explain-difference/estimate-difference';
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { ComparisonQuery, EstimateComparisonDto, type ModelDifferenceDto } from './estimate-comparison.dto';
import { EstimateComparisonService } from './estimate-comparison.service';

@ApiTags('estimates')
@Controller('estimates')
export class EstimateComparisonController {
  constructor(private readonly comparisons: EstimateComparisonService) {}

  @Get(':id/comparison')
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'Which input moved the total by how much, from this estimate to another one' })
  @ApiOkResponse({ type: EstimateComparisonDto })
  async compare(
    @CurrentPrincipal() principal: Principal,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: ComparisonQuery,
  ): Promise<EstimateComparisonDto> {
    return { before: id, after: query.with, ...toComparisonDto(await this.comparisons.compare(principal, id, query.with)) };
  }
}

function toComparisonDto(difference: EstimateDifference): Omit<EstimateComparisonDto, 'before' | 'after'> {
  const { currency, notes, inputs, models, modelsOnlyBefore, modelsOnlyAfter } = difference;
  return {
    ...{ currency, notes: [...notes] },
    inputs: inputs.map(({ inputId, together, claim, before, after, effect }) => ({
      ...{ inputId, together: [...together], claim, before, after, effect },
    })),
    models: models.map(toModelDto),
    ...{ modelsOnlyBefore: [...modelsOnlyBefore], modelsOnlyAfter: [...modelsOnlyAfter] },
  };
}

function toModelDto(model: EstimateDifference['models'][number]): ModelDifferenceDto {
  const { before, after, change, delivery, causes, ranges, sampledOrders, standardError } = model;
  return {
    ...{ model: model.model, before, after, change },
    delivery: { before: delivery.before, after: delivery.after, change: delivery.change },
    causes: causes.map((cause) => ({
      ...{ inputId: cause.inputId, claim: cause.claim, before: cause.before, after: cause.after },
      ...{ change: cause.change, deliveryMonths: cause.deliveryMonths },
    })),
    ranges: ranges && { before: { ...ranges.before }, after: { ...ranges.after } },
    ...{ sampledOrders, standardError },
  };
}
