import type { ReportedBreakdown, ReportedModel } from '@assay/cost-model/estimate-report';
import { mapLines } from '@assay/cost-model/reported-breakdown';
import type { EstimatedModel } from './cost-estimate';
import type {
  BreakdownDto,
  DistributionDto,
  EstimatedModelDto,
  EstimatedTotalDto,
  MonthOfCostDto,
  PercentileDto,
  TornadoBarDto,
  TornadoEndDto,
} from './estimated-model.dto';

/** @param reported null for an estimate from before simulation */
export function toModelDto(
  { breakdown }: EstimatedModel,
  reported: ReportedModel | null,
): Omit<EstimatedModelDto, keyof EstimatedTotalDto> {
  return {
    breakdown: toBreakdownDto(breakdown),
    monthsToStart: reported?.monthsToStart ?? null,
    start: reported && toStartDto(reported.start),
    intermediate: reported && toIntermediateDto(reported.intermediate),
    cost: reported && toDistributionDto(reported.cost),
    abovePoint: reported?.abovePoint ?? null,
    delivery: reported && toDistributionDto(reported.delivery),
    tornado: (reported?.tornado ?? []).map(toBarDto),
    cashFlow: reported?.cashFlow?.map(toMonthDto) ?? null,
  };
}

function toBreakdownDto(breakdown: ReportedBreakdown): BreakdownDto {
  return mapLines((line) => breakdown[line]);
}

function toStartDto({ p10, p50, p90, withinMonths, share }: ReportedModel['start']): EstimatedModelDto['start'] {
  return { p10, p50, p90, withinMonths, share };
}

function toIntermediateDto({ c, l, D0, X, W, Dw, D }: ReportedModel['intermediate']): EstimatedModelDto['intermediate'] {
  return { c, l, D0, X, W, Dw, D };
}

function toDistributionDto({ mean, p10, p50, p90, histogram }: ReportedModel['cost']): DistributionDto {
  const { from, width, counts, below, above } = histogram;
  return {
    ...{ mean, p10: toPercentileDto(p10), p50: toPercentileDto(p50), p90: toPercentileDto(p90) },
    histogram: { from, width, counts: [...counts], below, above },
  };
}

function toPercentileDto({ value, low, high }: ReportedModel['cost']['p10']): PercentileDto {
  return { value, low, high };
}

function toBarDto({ inputId, claim, unit, low, high, swing }: ReportedModel['tornado'][number]): TornadoBarDto {
  return { inputId, claim, unit, low: toEndDto(low), high: toEndDto(high), swing };
}

function toEndDto({ value, total, deliveryMonths }: ReportedModel['tornado'][number]['low']): TornadoEndDto {
  return { value, total, deliveryMonths };
}

function toMonthDto({ month, cost, total, cumulative }: NonNullable<ReportedModel['cashFlow']>[number]): MonthOfCostDto {
  return { month, cost: toBreakdownDto(cost), total, cumulative };
}
