import { AREA_IDS, CRITERION_IDS } from '@assay/contracts/rubric-ids';
import type { Rubric } from '@assay/scoring/rubric';
import { ApiProperty } from '@nestjs/swagger';
import type { PublishedRubric } from './rubrics.service';

export class RubricSummaryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: '1' }) version!: string;
  @ApiProperty({ example: 'Django developer' }) title!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export class RubricCriterionDto {
  @ApiProperty({ enum: CRITERION_IDS }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Share of the area, 0 to 1.', minimum: 0, maximum: 1 }) weight!: number;
  @ApiProperty({ type: [String], minItems: 4, maxItems: 4, description: 'What one sees at level 0, 1, 2 and 3.' })
  levels!: string[];
  @ApiProperty({ description: 'What is measured without a person.' }) autoEvidence!: string;
  @ApiProperty({ description: 'Whether an engineering lead rates it too.' }) humanRated!: boolean;
}

export class RubricAreaDto {
  @ApiProperty({ enum: AREA_IDS }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Share of the composite, 0 to 1.', minimum: 0, maximum: 1 }) weight!: number;
  @ApiProperty({ type: [RubricCriterionDto] }) criteria!: RubricCriterionDto[];
}

export class RubricDto extends RubricSummaryDto {
  @ApiProperty({ type: [RubricAreaDto] }) areas!: RubricAreaDto[];
}

export function toRubricSummaryDto(rubric: PublishedRubric): RubricSummaryDto {
  return { id: rubric.id, version: rubric.version, title: rubric.title, createdAt: rubric.createdAt.toISOString() };
}

export function toRubricDto(published: PublishedRubric, rubric: Rubric): RubricDto {
  return {
    ...toRubricSummaryDto(published),
    areas: rubric.areas.map((area) => ({
      id: area.id,
      name: area.name,
      weight: area.weight,
      criteria: area.criteria.map((criterion) => ({
        id: criterion.id,
        name: criterion.name,
        weight: criterion.weight,
        levels: [...criterion.levels],
        autoEvidence: criterion.autoEvidence,
        humanRated: criterion.humanRated,
      })),
    })),
  };
}
