import { HIRING_MODELS } from '@assay/cost-model/project';
import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

export class ComparisonQuery {
  @ApiProperty({ format: 'uuid', description: 'The estimate that it is compared with: the one after.' })
  @IsUUID()
  with!: string;
}

export class ComparedBandDto {
  @ApiProperty() p10!: number;
  @ApiProperty() p50!: number;
  @ApiProperty() p90!: number;
}

export class ComparedRangesDto {
  @ApiProperty() cost!: ComparedBandDto;
  @ApiProperty({ description: 'Months.' }) delivery!: ComparedBandDto;
}

export class MovedRangesDto {
  @ApiProperty() before!: ComparedRangesDto;
  @ApiProperty() after!: ComparedRangesDto;
}

export class MovedDeliveryDto {
  @ApiProperty({ description: 'Months, four decimals.' }) before!: number;
  @ApiProperty() after!: number;
  @ApiProperty() change!: number;
}

export class DifferenceCauseDto {
  @ApiProperty({
    example: 'C1',
    description:
      '`project.hours`, the id of an assumption, `exchange_rate`, or `formulas` for what another version of the model made.',
  })
  inputId!: string;
  @ApiProperty({ description: 'What the input is.' }) claim!: string;
  @ApiProperty({ description: 'Its value before, with its unit.' }) before!: string;
  @ApiProperty() after!: string;
  @ApiProperty({ description: 'By how much it moved the total.' }) change!: number;
  @ApiProperty({ description: 'By how many months it moved the delivery.' }) deliveryMonths!: number;
}

export class ModelDifferenceDto {
  @ApiProperty({ enum: HIRING_MODELS }) model!: string;
  @ApiProperty({ description: 'The total.' }) before!: number;
  @ApiProperty() after!: number;
  @ApiProperty() change!: number;
  @ApiProperty() delivery!: MovedDeliveryDto;
  @ApiProperty({
    type: [DifferenceCauseDto],
    description:
      'Largest first; their changes sum to the change of the total, and their months to that of the delivery, exactly.',
  })
  causes!: DifferenceCauseDto[];
  @ApiProperty({ type: MovedRangesDto, nullable: true, description: 'P10 to P90; null when one was never simulated.' })
  ranges!: MovedRangesDto | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How many orders of changing the inputs were sampled; null when all of them were counted.',
  })
  sampledOrders!: number | null;
  @ApiProperty({ description: 'Of the least certain share of the total; 0 when all orders were counted.' })
  standardError!: number;
}

export class ChangedInputDto {
  @ApiProperty() inputId!: string;
  @ApiProperty({ type: [String], description: 'Inputs that count as one because they make sense only together.' })
  together!: string[];
  @ApiProperty() claim!: string;
  @ApiProperty() before!: string;
  @ApiProperty() after!: string;
  @ApiProperty({
    enum: ['amounts', 'range', 'words'],
    description: 'Whether it moved a total or a delivery, only P10 to P90, or no figure.',
  })
  effect!: string;
}

export class EstimateComparisonDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the estimate before.' }) before!: string;
  @ApiProperty({ format: 'uuid', description: 'Id of the estimate after.' }) after!: string;
  @ApiProperty({ description: 'Of every amount; USD when the two are in two currencies.', example: 'USD' }) currency!: string;
  @ApiProperty({ type: [String], description: 'What to know of how the two were compared.' }) notes!: string[];
  @ApiProperty({ type: [ChangedInputDto], description: 'Every input that differs.' }) inputs!: ChangedInputDto[];
  @ApiProperty({ type: [ModelDifferenceDto], description: 'The models that both have.' }) models!: ModelDifferenceDto[];
  @ApiProperty({ enum: HIRING_MODELS, isArray: true }) modelsOnlyBefore!: string[];
  @ApiProperty({ enum: HIRING_MODELS, isArray: true }) modelsOnlyAfter!: string[];
}
