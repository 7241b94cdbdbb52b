import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { AssumptionOverrideDto } from '../assumption-sets/assumption-override.dto';
import { IsPlainText } from '../http/plain-text';

// These classes check the types of the fields; `@assay/cost-model` then checks what the numbers mean, so that ranges are stated once.

export class SeniorityMixDto {
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 }) @IsOptional() @IsNumber() junior?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 }) @IsOptional() @IsNumber() mid?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 }) @IsOptional() @IsNumber() senior?: number;
}

export class EstimateProjectDto {
  @ApiProperty({ description: 'Productive engineer-hours of the project, above 0.', example: 2700 })
  @IsNumber()
  hours!: number;

  @ApiProperty({ description: 'Engineers who work on it.', minimum: 1, maximum: 10_000, example: 3 })
  @IsInt()
  seats!: number;

  @ApiPropertyOptional({
    description: 'Productive hours per engineer and month; the assumption `hours_per_month` when left out.',
    type: Number,
    nullable: true,
  })
  @IsOptional()
  @IsNumber()
  hoursPerMonth?: number | null;

  @ApiPropertyOptional({ description: 'Shares of the seats; they sum to 1.', type: SeniorityMixDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SeniorityMixDto)
  seniorityMix?: SeniorityMixDto | null;

  @ApiPropertyOptional({ enum: ['django', 'flask'], default: 'django' })
  @IsOptional()
  @IsIn(['django', 'flask'])
  framework?: 'django' | 'flask';

  @ApiPropertyOptional({
    description: "How many of Django's six built-in groups the project needs; read by claim C9 only.",
    minimum: 0,
    maximum: 6,
    default: 6,
  })
  @IsOptional()
  @IsInt()
  builtInFeatures?: number;
}

export class CreateEstimateDto {
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 200 })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name?: string | null;

  @ApiProperty({ type: EstimateProjectDto })
  @IsObject()
  @ValidateNested()
  @Type(() => EstimateProjectDto)
  project!: EstimateProjectDto;

  @ApiPropertyOptional({ description: 'Own figures instead of the defaults.', type: [AssumptionOverrideDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => AssumptionOverrideDto)
  assumptions?: AssumptionOverrideDto[];
}
