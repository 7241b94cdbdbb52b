import { HIRING_MODELS } from '@assay/cost-model/project';
import { FEWEST_DRAWS, MOST_DRAWS } from '@assay/cost-model/simulation/simulate';
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
import { AssumptionSetRefDto } from '../assumption-sets/assumption-set-ref.dto';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import { FrameworkNeedDto, HiringNeedDto, JoinDto, SituationDto } from './hiring-need.dto';

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

  @ApiPropertyOptional({
    description: "A team that ramps in over time; the seats sum to the project's. All start together when left out.",
    type: [JoinDto],
    nullable: true,
  })
  @IsOptional()
  @IsArray()
  joins?: JoinDto[] | null;

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

  @ApiPropertyOptional({ description: 'The hiring models to estimate; all when left out.', enum: HIRING_MODELS, isArray: true })
  @IsOptional()
  @IsArray()
  models?: string[];
}

export class SimulationDto {
  @ApiPropertyOptional({ minimum: FEWEST_DRAWS, maximum: MOST_DRAWS, default: 100_000 })
  @IsOptional()
  @IsInt()
  draws?: number;

  @ApiPropertyOptional({ description: 'The same seed gives the same estimate.', minimum: 0, maximum: 0xffff_ffff, default: 1 })
  @IsOptional()
  @IsInt()
  seed?: number;
}

export class CreateEstimateDto {
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 200 })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name?: string | null;

  @ApiPropertyOptional({ description: 'The work to be done; give it or `need`.', type: EstimateProjectDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EstimateProjectDto)
  project?: EstimateProjectDto;

  // What a need, a situation and a framework hold is read by the model alone, which names every field.
  @ApiPropertyOptional({ description: 'What a hiring manager asks for, before anybody has counted hours.', type: HiringNeedDto })
  @IsOptional()
  @IsObject()
  need?: HiringNeedDto;

  @ApiPropertyOptional({ description: 'With `project`; a need has its own.', type: SituationDto })
  @IsOptional()
  @IsObject()
  situation?: SituationDto;

  @ApiPropertyOptional({ description: 'With `project`; a need has its own.', type: FrameworkNeedDto })
  @IsOptional()
  @IsObject()
  framework?: FrameworkNeedDto;

  @ApiPropertyOptional({
    description: "The organisation's own assumptions, of a version or the newest; the model's defaults when left out.",
    type: AssumptionSetRefDto,
    nullable: true,
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AssumptionSetRefDto)
  assumptionSet?: AssumptionSetRefDto | null;

  @ApiPropertyOptional({ description: 'Own figures, on top of the assumptions.', type: [AssumptionOverrideDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => AssumptionOverrideDto)
  assumptions?: AssumptionOverrideDto[];

  @ApiPropertyOptional({
    description: 'ISO 4217; the organisation must have an exchange rate of it.',
    default: 'USD',
    example: 'EUR',
  })
  @IsOptional()
  @IsString()
  currency?: string;

  @ApiPropertyOptional({ type: SimulationDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SimulationDto)
  simulation?: SimulationDto;
}
