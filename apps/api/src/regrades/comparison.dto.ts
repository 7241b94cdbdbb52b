import { CHECK_STATUSES, RUN_OUTCOMES } from '@assay/contracts/grading-report';
import { CHECK_CHANGES, type Comparison } from '@assay/scoring/compare-reports';
import { ApiProperty } from '@nestjs/swagger';

const score = { type: Number, nullable: true, description: '0 to 100; null is "not measured".' } as const;
const delta = { type: Number, nullable: true, description: 'Later less earlier; null when one side was not measured.' } as const;

export class OutcomeChangeDto {
  @ApiProperty({ enum: RUN_OUTCOMES }) earlier!: string;
  @ApiProperty({ enum: RUN_OUTCOMES }) later!: string;
}

export class ScoreChangeDto {
  @ApiProperty(score) earlier!: number | null;
  @ApiProperty(score) later!: number | null;
  @ApiProperty(delta) delta!: number | null;
}

export class AreaChangeDto extends ScoreChangeDto {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: Number, nullable: true, description: 'What it adds to the composite; over all areas that is its delta.' })
  contribution!: number | null;
}

export class CriterionSideDto {
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 3 }) level!: number | null;
  @ApiProperty(score) score!: number | null;
  @ApiProperty() points!: number;
  @ApiProperty() maxPoints!: number;
  @ApiProperty({ type: [String], description: 'Ids of the checks that the score rests on.' }) evidence!: readonly string[];
}

export class CriterionChangeDto {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: CriterionSideDto }) earlier!: CriterionSideDto;
  @ApiProperty({ type: CriterionSideDto }) later!: CriterionSideDto;
  @ApiProperty(delta) levelDelta!: number | null;
  @ApiProperty(delta) scoreDelta!: number | null;
}

export class CheckSideDto {
  @ApiProperty({ enum: CHECK_STATUSES }) status!: string;
  @ApiProperty() criterion!: string;
  @ApiProperty() level!: number;
  @ApiProperty() points!: number;
}

export class CheckChangeDto {
  @ApiProperty() id!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ enum: CHECK_CHANGES, isArray: true }) changes!: readonly string[];
  @ApiProperty({ type: CheckSideDto, nullable: true }) earlier!: CheckSideDto | null;
  @ApiProperty({ type: CheckSideDto, nullable: true }) later!: CheckSideDto | null;
}

export class ProvenanceChangeDto {
  @ApiProperty({ example: 'pack.version' }) field!: string;
  @ApiProperty({ type: String, nullable: true }) earlier!: string | null;
  @ApiProperty({ type: String, nullable: true }) later!: string | null;
}

/** What differs between two grades; null and empty lists for what does not. */
export class ComparisonDto implements Comparison {
  @ApiProperty({ type: OutcomeChangeDto, nullable: true }) outcome!: Comparison['outcome'];
  @ApiProperty({ type: ScoreChangeDto, nullable: true }) composite!: Comparison['composite'];
  @ApiProperty({ type: [AreaChangeDto] }) areas!: Comparison['areas'];
  @ApiProperty({ type: [CriterionChangeDto] }) criteria!: Comparison['criteria'];
  @ApiProperty({ type: [CheckChangeDto] }) checks!: Comparison['checks'];
  @ApiProperty({ type: [String], description: 'Checks with the same verdict on other evidence.' }) otherEvidence!: string[];
  @ApiProperty({ type: [ProvenanceChangeDto], description: 'What of pack, grader, runtime and sandbox was another.' })
  provenance!: Comparison['provenance'];
}

export class RunComparisonDto {
  @ApiProperty({ format: 'uuid' }) earlierRunId!: string;
  @ApiProperty({ format: 'uuid' }) laterRunId!: string;
  @ApiProperty({ format: 'uuid' }) submissionId!: string;
  @ApiProperty({ description: 'Whether the result is another one; evidence and provenance alone are not.' }) changed!: boolean;
  @ApiProperty({ type: ComparisonDto }) comparison!: ComparisonDto;
}
