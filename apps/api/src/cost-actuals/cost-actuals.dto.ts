import { HIRING_MODELS } from '@assay/cost-model/project';
import { ApiProperty } from '@nestjs/swagger';
import type { RecordedActual } from './cost-actuals.service';
import { type Compared, compareCost, compareDelivery } from './outcomes';
import { ActualCostDto } from './record-actual.dto';

export class ActualExchangeRateDto {
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ description: 'Units of the currency for one US dollar.' }) perDollar!: number;
  @ApiProperty({ format: 'date' }) date!: string;
  @ApiProperty() source!: string;
}

export class ForetoldBandDto {
  @ApiProperty() p10!: number;
  @ApiProperty() p90!: number;
}

export class ActualAgainstEstimateDto {
  @ApiProperty({ description: 'Point estimate.' }) estimated!: number;
  @ApiProperty() actual!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'actual / estimated - 1: above 0, the estimate was too low.' })
  error!: number | null;
  @ApiProperty({ type: ForetoldBandDto, nullable: true, description: 'Null for an estimate that was made without a simulation.' })
  band!: ForetoldBandDto | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Share of the draws below the actual: 0.5 is the median.' })
  position!: number | null;
}

export class ActualAgainstEstimatedCostDto extends ActualAgainstEstimateDto {
  @ApiProperty({ description: 'Of the estimate, into which the actual was converted.', example: 'USD' }) currency!: string;
}

export class ActualAuthorDto {
  @ApiProperty({ enum: ['member', 'api_key'] }) kind!: string;
  @ApiProperty({ format: 'uuid' }) id!: string;
}

export class ActualDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) estimateId!: string;
  @ApiProperty({ type: 'integer', description: '1 is the first record; each correction is one more.' }) revision!: number;
  @ApiProperty({ description: 'Whether it is the latest and not withdrawn.' }) counts!: boolean;
  @ApiProperty({ description: 'Whether it takes back the record before, whose figures it repeats.' }) withdrawn!: boolean;
  @ApiProperty({ enum: HIRING_MODELS }) model!: string;
  @ApiProperty() cost!: ActualCostDto;
  @ApiProperty({ description: 'With which amounts are converted; kept as it was when the actual was recorded.' })
  exchangeRate!: ActualExchangeRateDto;
  @ApiProperty() deliveryMonths!: number;
  @ApiProperty({ type: Number, nullable: true }) monthsToStart!: number | null;
  @ApiProperty({ type: Number, nullable: true }) workedHours!: number | null;
  @ApiProperty({ type: Number, nullable: true }) hourlyRate!: number | null;
  @ApiProperty({ type: Number, nullable: true }) annualSalary!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) exits!: number | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) startedOn!: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) deliveredOn!: string | null;
  @ApiProperty({ type: String, nullable: true }) note!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why the record before was wrong; null for the first.' })
  reason!: string | null;
  @ApiProperty({ description: 'Against what the estimate said of this model.' }) comparedCost!: ActualAgainstEstimatedCostDto;
  @ApiProperty({ description: 'Months.' }) comparedDelivery!: ActualAgainstEstimateDto;
  @ApiProperty() recordedBy!: ActualAuthorDto;
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
}

export function toActualDto({ actual, counts }: RecordedActual): ActualDto {
  const { id, costEstimateId, revision, withdrawn, model, currency, exits, startedOn, deliveredOn, note, reason, foretold } =
    actual;
  return {
    ...{ id, estimateId: costEstimateId, revision, counts, withdrawn, model },
    cost: { amount: Number(actual.cost), currency },
    exchangeRate: { currency, perDollar: Number(actual.perDollar), date: actual.rateDay, source: actual.rateSource },
    deliveryMonths: Number(actual.deliveryMonths),
    monthsToStart: optional(actual.monthsToStart),
    workedHours: optional(actual.workedHours),
    hourlyRate: optional(actual.hourlyRate),
    annualSalary: optional(actual.annualSalary),
    ...{ exits, startedOn, deliveredOn, note, reason },
    comparedCost: { ...toAgainstDto(compareCost(actual)), currency: foretold.currency },
    comparedDelivery: toAgainstDto(compareDelivery(actual)),
    recordedBy: { kind: actual.recordedByKind, id: actual.recordedBy },
    recordedAt: actual.recordedAt.toISOString(),
  };
}

function toAgainstDto({ estimated, actual, error, band, position }: Compared): ActualAgainstEstimateDto {
  return { estimated, actual, error, band: band && { p10: band.p10, p90: band.p90 }, position };
}

function optional(decimal: string | null): number | null {
  return decimal === null ? null : Number(decimal);
}
