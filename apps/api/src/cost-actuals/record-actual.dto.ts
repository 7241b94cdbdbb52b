import { HIRING_MODELS, type HiringModel } from '@assay/cost-model/project';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsDay } from '../http/day';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';

/** Larger ones are typing errors, and beyond what a double holds to the cent. */
const MOST_MONEY = 1e12;
const MOST_MONTHS = 1_200;
const MOST_HOURS = 1e9;
const MOST_EXITS = 10_000;

export class ActualCostDto {
  @ApiProperty({ description: 'All that the hire cost until delivery, to the smallest unit of the currency.', example: 401250.5 })
  @IsNumber()
  @IsPositive()
  @Max(MOST_MONEY)
  amount!: number;

  @ApiProperty({ description: "ISO 4217. Another than the estimate's needs a stored exchange rate.", example: 'USD' })
  @IsString()
  @Matches(/^[A-Z]{3}$/, { message: '$property must be three capital letters of ISO 4217, for example EUR' })
  currency!: string;
}

export class WithdrawActualDto {
  @ApiProperty({ minLength: 1, maxLength: 500, description: 'Why nothing of what was recorded is to count.' })
  @Trimmed()
  @IsString()
  @Length(1, 500)
  @IsPlainText(500)
  reason!: string;
}

export class RecordActualDto {
  @ApiProperty({ enum: HIRING_MODELS, description: 'The model that was really taken, one of those that the estimate is of.' })
  @IsIn([...HIRING_MODELS])
  model!: HiringModel;

  @ApiProperty()
  @IsObject()
  @ValidateNested()
  @Type(() => ActualCostDto)
  cost!: ActualCostDto;

  @ApiProperty({ description: 'From the decision to hire until delivery, as an estimate counts.', example: 9.5 })
  @IsNumber({ maxDecimalPlaces: 4 })
  @IsPositive()
  @Max(MOST_MONTHS)
  deliveryMonths!: number;

  @ApiPropertyOptional({ type: Number, nullable: true, description: 'From the decision to hire until people started.' })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 4 })
  @Min(0)
  @Max(MOST_MONTHS)
  monthsToStart?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description:
      "Hours that engineers worked on the project, all together, rework and ramp included; of a hybrid's architect those spent on delivery.",
  })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @IsPositive()
  @Max(MOST_HOURS)
  workedHours?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description:
      "What a freelancer (before platform fees) or the partner was paid per hour, on average, in the cost's currency. Not in house.",
  })
  @IsOptional()
  @IsNumber()
  @IsPositive()
  @Max(MOST_MONEY)
  hourlyRate?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description:
      "Salary of an engineer in house, on average, or of the hybrid's architect, in the cost's currency, without the employer's load.",
  })
  @IsOptional()
  @IsNumber()
  @IsPositive()
  @Max(MOST_MONEY)
  annualSalary?: number | null;

  @ApiPropertyOptional({ type: 'integer', nullable: true, description: 'People who left before delivery.', minimum: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_EXITS)
  exits?: number | null;

  @ApiPropertyOptional({ type: String, format: 'date', nullable: true })
  @IsOptional()
  @IsDay()
  startedOn?: string | null;

  @ApiPropertyOptional({ type: String, format: 'date', nullable: true, description: 'Not in the future.' })
  @IsOptional()
  @IsDay()
  deliveredOn?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 1000 })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 1000)
  @IsPlainText(1000)
  note?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 500,
    description: 'Needed for a correction, that is when the estimate has an actual already: why that one was wrong.',
  })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 500)
  @IsPlainText(500)
  reason?: string | null;
}
