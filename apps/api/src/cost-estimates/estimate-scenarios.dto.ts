import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, IsString, Length, ValidateIf, ValidateNested } from 'class-validator';
import { AssumptionOverrideDto } from '../assumption-sets/assumption-override.dto';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import { EstimateSummaryDto } from './cost-estimates.dto';
import { EstimateProjectDto, SimulationDto } from './create-estimate.dto';
import { FrameworkNeedDto, HiringNeedDto, SituationDto } from './hiring-need.dto';

export class ChangedProjectDto extends PartialType(EstimateProjectDto) {}
export class ChangedNeedDto extends PartialType(HiringNeedDto) {}
export class ChangedFrameworkNeedDto extends PartialType(FrameworkNeedDto) {}

export class CreateScenarioDto {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'With two seats more' })
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name!: string;

  @ApiPropertyOptional({
    description: 'Fields that change, of an estimate that was made from a project; null takes a field back to its default.',
    type: ChangedProjectDto,
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ChangedProjectDto)
  project?: ChangedProjectDto;

  // What a need, a situation and a framework hold is read by the model alone, which names every field.
  @ApiPropertyOptional({
    description: 'Fields that change, of an estimate that was made from a need; null takes a field back to its default.',
    type: ChangedNeedDto,
  })
  @IsOptional()
  @IsObject()
  need?: ChangedNeedDto;

  @ApiPropertyOptional({ description: 'Fields that change.', type: SituationDto })
  @IsOptional()
  @IsObject()
  situation?: SituationDto;

  @ApiPropertyOptional({
    description: 'Fields that change; of an estimate that was made from a project.',
    type: ChangedFrameworkNeedDto,
  })
  @IsOptional()
  @IsObject()
  framework?: ChangedFrameworkNeedDto;

  @ApiPropertyOptional({ description: 'Own figures, on top of those of the estimate.', type: [AssumptionOverrideDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => AssumptionOverrideDto)
  assumptions?: AssumptionOverrideDto[];

  @ApiPropertyOptional({
    description: "ISO 4217, at its newest rate. When left out, the estimate's own currency at the estimate's own rate.",
    example: 'EUR',
  })
  @ValidateIf((body: CreateScenarioDto) => body.currency !== undefined)
  @IsString()
  currency?: string;

  @ApiPropertyOptional({ description: 'Fields that change.', type: SimulationDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SimulationDto)
  simulation?: SimulationDto;
}

export class ModelChangeDto {
  @ApiProperty() model!: string;
  @ApiProperty({ description: "The total less the base's." }) total!: number;
  @ApiProperty({ description: "The months until delivery less the base's." }) deliveryMonths!: number;
}

export class FamilyMemberDto extends EstimateSummaryDto {
  @ApiProperty({
    type: [ModelChangeDto],
    nullable: true,
    description: 'Against the base, for the models that both have; null when they are in two currencies (see the comparison).',
  })
  changes!: ModelChangeDto[] | null;
}

export class FamilyDto {
  @ApiProperty({ description: 'The estimate that all of them come from.' }) base!: EstimateSummaryDto;
  @ApiProperty({ type: [FamilyMemberDto], description: 'Newest first, archived ones too.' }) items!: FamilyMemberDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}
