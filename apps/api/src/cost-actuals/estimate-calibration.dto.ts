import type { BandCalibration, Calibration, CountedShare } from '@assay/cost-model/calibration';
import type { Interval } from '@assay/cost-model/calibration-statistics';
import { describeCalibration } from '@assay/cost-model/calibration-words';
import type { ClaimAgainstRecord, OwnFigure } from '@assay/cost-model/own-record-claims';
import type { Proposal } from '@assay/cost-model/own-record-proposals';
import { HIRING_MODELS } from '@assay/cost-model/project';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Min } from 'class-validator';
import type { EstimateCalibration } from './estimate-calibration.service';

export class EstimateCalibrationQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'Holds only estimates that were made with this assumption set against their outcomes. Proposals and claims rest on all.',
  })
  @IsOptional()
  @IsUUID()
  assumptionSetId?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Only those of this version of the set.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  assumptionSetVersion?: number;
}

const IDS = { type: String, isArray: true, format: 'uuid', description: 'The estimates whose actuals went into it.' } as const;

export class CalibrationIntervalDto {
  @ApiProperty() low!: number;
  @ApiProperty() high!: number;
}
const INTERVAL = {
  type: CalibrationIntervalDto,
  nullable: true,
  description: '95% interval; null where there are too few for one.',
} as const;

export class CountedShareDto {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Null when there is nothing to count.' }) share!: number | null;
  @ApiProperty({ description: "95% interval of the share, Wilson's score." }) interval!: CalibrationIntervalDto;
}

export class BandCalibrationDto {
  @ApiProperty({ type: 'integer', description: 'Outcomes of estimates that had been simulated.' }) outcomes!: number;
  @ApiProperty(IDS) estimateIds!: string[];
  @ApiProperty({ description: 'From P10 to P90: 80% when the bands are right.' }) inside!: CountedShareDto;
  @ApiProperty({ description: 'Below P10: 10% when the bands are right.' }) below!: CountedShareDto;
  @ApiProperty({ description: 'Above P90: 10% when the bands are right.' }) above!: CountedShareDto;
  @ApiProperty({ description: 'Above the median: 50% when the middle is right.' }) aboveMedian!: CountedShareDto;
  @ApiProperty({ type: 'integer', isArray: true, description: 'Outcomes in each tenth of what was foretold, the lowest first.' })
  tenths!: number[];
  @ApiProperty({
    enum: ['too_early', 'too_narrow', 'too_wide', 'not_refuted'],
    description: 'Too narrow or too wide when 80% lies outside the interval of the share inside.',
  })
  verdict!: string;
  @ApiProperty({
    enum: ['too_early', 'estimates_too_low', 'estimates_too_high', 'both_tails', 'not_refuted'],
    description: 'Whether more fell beyond one end than chance explains (exact binomial, 2.5% a side).',
  })
  tails!: string;
}

export class CalibrationDto {
  @ApiProperty({ type: String, enum: HIRING_MODELS, nullable: true, description: 'Null: all models together.' })
  model!: string | null;
  @ApiProperty({ type: 'integer' }) outcomes!: number;
  @ApiProperty(IDS) estimateIds!: string[];
  @ApiProperty({ description: 'Mean of actual / estimated - 1: above 0, estimates were too low.' }) meanError!: number;
  @ApiProperty({ ...INTERVAL, description: "95% interval of the mean by Student's t; null below two outcomes." })
  meanErrorInterval!: CalibrationIntervalDto | null;
  @ApiProperty() meanAbsoluteError!: number;
  @ApiProperty() medianAbsoluteError!: number;
  @ApiProperty() bands!: BandCalibrationDto;
  @ApiProperty({ description: 'The same in sentences.' }) inWords!: string;
}

export class ProposedOverrideDto {
  @ApiProperty({ example: 'C1' }) id!: string;
  @ApiProperty() reason!: string;
  @ApiPropertyOptional({ description: 'Of a single figure.' }) value?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) low?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) mode?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) high?: number;
  @ApiPropertyOptional() reading?: string;
}

export class ProposalDto {
  @ApiProperty({ example: 'C1' }) id!: string;
  @ApiProperty({ description: 'Ready to be an item of `assumptions` in a version of an assumption set, or in an estimate.' })
  override!: ProposedOverrideDto;
  @ApiProperty({ type: 'integer', description: 'How many records it rests on.' }) records!: number;
  @ApiProperty(INTERVAL) interval!: CalibrationIntervalDto | null;
  @ApiProperty() method!: string;
  @ApiProperty(IDS) estimateIds!: string[];
}

export class WithheldDto {
  @ApiProperty({ example: 'C5' }) id!: string;
  @ApiProperty({ type: 'integer' }) records!: number;
  @ApiProperty({ description: 'What is missing.' }) why!: string;
  @ApiProperty(IDS) estimateIds!: string[];
}

export class OwnFigureDto {
  @ApiProperty() figure!: string;
  @ApiProperty() value!: number;
  @ApiProperty() unit!: string;
  @ApiProperty(INTERVAL) interval!: CalibrationIntervalDto | null;
  @ApiProperty({ type: 'integer' }) records!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Records of what it is compared with.' })
  baselineRecords!: number | null;
  @ApiProperty({ description: 'So few records that it is shown only.' }) tooEarly!: boolean;
  @ApiProperty(IDS) estimateIds!: string[];
}

export class ClaimAgainstRecordDto {
  @ApiProperty({ example: 'C7' }) id!: string;
  @ApiProperty() claim!: string;
  @ApiProperty() claimed!: number;
  @ApiProperty({ type: CalibrationIntervalDto, nullable: true, description: 'Of a claim that is a range.' })
  claimedRange!: CalibrationIntervalDto | null;
  @ApiProperty() unit!: string;
  @ApiProperty() evidence!: string;
  @ApiProperty() source!: string;
  @ApiProperty({ type: [OwnFigureDto], description: 'Empty where nothing that is recorded speaks to the claim.' })
  ownFigures!: OwnFigureDto[];
}

export class CalibrationRulesDto {
  @ApiProperty({ type: 'integer', description: 'With fewer outcomes bands are not judged.' }) fewestOutcomesForBands!: number;
  @ApiProperty({ type: 'integer', description: 'With fewer records nothing is proposed.' }) fewestRecords!: number;
  @ApiProperty({ description: 'With less exposure no rate of exits is proposed.' }) fewestSeatYears!: number;
}

export class SameProjectDto {
  @ApiProperty({ ...IDS, description: 'Scenarios and re-runs of one estimate, itself perhaps.' }) estimateIds!: string[];
}

export class EstimateCalibrationDto {
  @ApiProperty({ type: 'integer', description: 'Estimates with an actual; their latest counts.' }) outcomes!: number;
  @ApiProperty({
    ...IDS,
    description: 'Estimates that were made after the delivery they are held against. They are counted, but foretold nothing.',
  })
  hindsight!: string[];
  @ApiProperty({
    type: [SameProjectDto],
    description: 'Families with several actuals: perhaps one hire that counts more than once.',
  })
  sameProject!: SameProjectDto[];
  @ApiProperty({ type: [CalibrationDto], description: 'All models together, then each that was taken.' }) cost!: CalibrationDto[];
  @ApiProperty({ type: [CalibrationDto] }) delivery!: CalibrationDto[];
  @ApiProperty() rules!: CalibrationRulesDto;
  @ApiProperty({ type: [ProposalDto], description: "Assumptions as the organisation's own record has them, amounts in USD." })
  proposals!: ProposalDto[];
  @ApiProperty({ type: [WithheldDto], description: 'Assumptions that too little was recorded about.' }) withheld!: WithheldDto[];
  @ApiProperty({ type: [ClaimAgainstRecordDto], description: "Vendors' claims beside the organisation's own record." })
  claims!: ClaimAgainstRecordDto[];
}

export function toEstimateCalibrationDto(found: EstimateCalibration): EstimateCalibrationDto {
  const { fewestOutcomesForBands, fewestRecords, fewestSeatYears } = found.rules;
  return {
    outcomes: found.outcomes,
    hindsight: [...found.hindsight],
    sameProject: found.sameProject.map((estimateIds) => ({ estimateIds: [...estimateIds] })),
    cost: found.cost.map((each) => toCalibrationDto(each, 'cost')),
    delivery: found.delivery.map((each) => toCalibrationDto(each, 'delivery')),
    rules: { fewestOutcomesForBands, fewestRecords, fewestSeatYears },
    proposals: found.proposals.map(toProposalDto),
    withheld: found.withheld.map(({ id, records, why, estimateIds }) => ({ id, records, why, estimateIds: [...estimateIds] })),
    claims: found.claims.map(toClaimDto),
  };
}

function toCalibrationDto(calibration: Calibration, figure: 'cost' | 'delivery'): CalibrationDto {
  const { model, outcomes, estimateIds, meanError, meanAbsoluteError, medianAbsoluteError } = calibration;
  return {
    ...{ model, outcomes, estimateIds: [...estimateIds], meanError },
    meanErrorInterval: toIntervalDto(calibration.meanErrorInterval),
    ...{ meanAbsoluteError, medianAbsoluteError },
    bands: toBandsDto(calibration.bands),
    inWords: describeCalibration(calibration, figure),
  };
}

function toBandsDto({
  outcomes,
  estimateIds,
  inside,
  below,
  above,
  aboveMedian,
  tenths,
  verdict,
  tails,
}: BandCalibration): BandCalibrationDto {
  return {
    ...{ outcomes, estimateIds: [...estimateIds] },
    ...{ inside: toShareDto(inside), below: toShareDto(below), above: toShareDto(above), aboveMedian: toShareDto(aboveMedian) },
    ...{ tenths: [...tenths], verdict, tails },
  };
}

function toShareDto({ count, share, interval: [low, high] }: CountedShare): CountedShareDto {
  return { count, share, interval: { low, high } };
}

function toProposalDto({ id, override, records, interval, method, estimateIds }: Proposal): ProposalDto {
  return {
    ...{ id, override: { ...override }, records },
    interval: toIntervalDto(interval),
    ...{ method, estimateIds: [...estimateIds] },
  };
}

function toClaimDto({
  id,
  claim,
  claimed,
  claimedRange,
  unit,
  evidence,
  source,
  ownFigures,
}: ClaimAgainstRecord): ClaimAgainstRecordDto {
  return {
    ...{ id, claim, claimed, claimedRange: toIntervalDto(claimedRange), unit, evidence, source },
    ownFigures: ownFigures.map(toOwnFigureDto),
  };
}

function toOwnFigureDto({
  figure,
  value,
  unit,
  interval,
  records,
  baselineRecords,
  tooEarly,
  estimateIds,
}: OwnFigure): OwnFigureDto {
  return {
    ...{ figure, value, unit, interval: toIntervalDto(interval) },
    ...{ records, baselineRecords, tooEarly, estimateIds: [...estimateIds] },
  };
}

function toIntervalDto(interval: Interval | null): CalibrationIntervalDto | null {
  return interval && { low: interval[0], high: interval[1] };
}
