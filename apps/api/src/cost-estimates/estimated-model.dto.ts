import { HIRING_MODELS } from '@assay/cost-model/project';
import { ApiProperty } from '@nestjs/swagger';

const MONEY = { description: "In the estimate's currency, to its smallest unit.", example: 358386.94 } as const;
const MONTHS = { description: 'Months from the decision to hire.' } as const;

export class BandDto {
  @ApiProperty() p10!: number;
  @ApiProperty() p50!: number;
  @ApiProperty() p90!: number;
}

export class EstimatedTotalDto {
  @ApiProperty({ enum: HIRING_MODELS }) model!: string;
  @ApiProperty(MONEY) total!: number;
  @ApiProperty({ example: 'USD' }) currency!: string;
  @ApiProperty({ description: 'Months from the decision to hire until delivery, four places.', example: 7.515 })
  deliveryMonths!: number;
  @ApiProperty({ type: BandDto, nullable: true, description: 'What it may cost; null for an estimate from before simulation.' })
  costBand!: BandDto | null;
  @ApiProperty({
    type: BandDto,
    nullable: true,
    description: 'Months that it may take; null for an estimate from before simulation.',
  })
  deliveryBand!: BandDto | null;
}

export class BreakdownDto {
  @ApiProperty(MONEY) labour!: number;
  @ApiProperty(MONEY) management!: number;
  @ApiProperty(MONEY) recruiting!: number;
  @ApiProperty(MONEY) vacancy!: number;
  @ApiProperty(MONEY) equipment!: number;
  @ApiProperty({ ...MONEY, description: 'Employees after the project, before they work on the next one.', example: 0 })
  bench!: number;
  @ApiProperty({ ...MONEY, description: 'Paid when employment ends.', example: 0 }) severance!: number;
  @ApiProperty({ ...MONEY, description: 'What rounding the other lines leaves of the total: all lines sum to it.', example: 0 })
  rounding!: number;
}

export class StartTimeDto {
  @ApiProperty(MONTHS) p10!: number;
  @ApiProperty(MONTHS) p50!: number;
  @ApiProperty(MONTHS) p90!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'By when people must start; null when that is open.' })
  withinMonths!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'How likely they do, 0 to 1; null when that is open.' })
  share!: number | null;
}

export class IntermediateDto {
  @ApiProperty({ description: 'USD per engineer-hour.' }) c!: number;
  @ApiProperty({ description: 'Hours that a joining seat loses.' }) l!: number;
  @ApiProperty({ description: 'First estimate of the working time, months.' }) D0!: number;
  @ApiProperty({ description: 'Seats replaced.' }) X!: number;
  @ApiProperty({ description: 'Work, hours.' }) W!: number;
  @ApiProperty({ description: 'Working time, months.' }) Dw!: number;
  @ApiProperty({ description: 'Delivery, months.' }) D!: number;
}

export class PercentileDto {
  @ApiProperty() value!: number;
  @ApiProperty({ description: '95% interval of the simulation error.' }) low!: number;
  @ApiProperty({ description: '95% interval of the simulation error.' }) high!: number;
}

export class HistogramDto {
  @ApiProperty({ description: 'Where the first bin begins.' }) from!: number;
  @ApiProperty({ description: 'Of one bin; 0 when all draws are equal.' }) width!: number;
  @ApiProperty({ type: [Number], description: 'Draws in each bin.' }) counts!: number[];
  @ApiProperty({ description: 'Draws below the first bin.' }) below!: number;
  @ApiProperty({ description: 'Draws above the last bin.' }) above!: number;
}

export class DistributionDto {
  @ApiProperty() mean!: number;
  @ApiProperty() p10!: PercentileDto;
  @ApiProperty() p50!: PercentileDto;
  @ApiProperty() p90!: PercentileDto;
  @ApiProperty({ description: 'The same bins for all models.' }) histogram!: HistogramDto;
}

export class TornadoEndDto {
  @ApiProperty({ description: "The input's value, in its own unit." }) value!: number;
  @ApiProperty(MONEY) total!: number;
  @ApiProperty(MONTHS) deliveryMonths!: number;
}

export class TornadoBarDto {
  @ApiProperty({ example: 'C1' }) inputId!: string;
  @ApiProperty() claim!: string;
  @ApiProperty() unit!: string;
  @ApiProperty({ description: 'The input alone at its P10.' }) low!: TornadoEndDto;
  @ApiProperty({ description: 'The input alone at its P90.' }) high!: TornadoEndDto;
  @ApiProperty({ ...MONEY, description: 'Between the two ends.' }) swing!: number;
}

export class MonthOfCostDto {
  @ApiProperty({ description: '1 is the month that begins with the decision to hire.' }) month!: number;
  @ApiProperty() cost!: BreakdownDto;
  @ApiProperty(MONEY) total!: number;
  @ApiProperty({ ...MONEY, description: 'All months so far.' }) cumulative!: number;
}

const FROM_BEFORE = 'Null for an estimate from before simulation.';

export class EstimatedModelDto extends EstimatedTotalDto {
  @ApiProperty({ description: 'Its lines sum to the total exactly.' }) breakdown!: BreakdownDto;
  @ApiProperty({ type: Number, nullable: true, description: `T: months until people start. ${FROM_BEFORE}` })
  monthsToStart!: number | null;
  @ApiProperty({ type: StartTimeDto, nullable: true, description: `T with its uncertainty. ${FROM_BEFORE}` })
  start!: StartTimeDto | null;
  @ApiProperty({ type: IntermediateDto, nullable: true, description: `Figures of docs/COST-MODEL.md. ${FROM_BEFORE}` })
  intermediate!: IntermediateDto | null;
  @ApiProperty({ type: DistributionDto, nullable: true, description: FROM_BEFORE }) cost!: DistributionDto | null;
  @ApiProperty({ type: Number, nullable: true, description: `Share of draws that cost more than the total. ${FROM_BEFORE}` })
  abovePoint!: number | null;
  @ApiProperty({ type: DistributionDto, nullable: true, description: `Months. ${FROM_BEFORE}` })
  delivery!: DistributionDto | null;
  @ApiProperty({ type: [TornadoBarDto], description: 'Which inputs move the total most, widest swing first.' })
  tornado!: TornadoBarDto[];
  @ApiProperty({ type: [MonthOfCostDto], nullable: true, description: 'Null when it takes too many months to tell one by one.' })
  cashFlow!: MonthOfCostDto[] | null;
}
