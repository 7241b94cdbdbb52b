import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';

export class ScorecardQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'The scorecard of this run instead of the one that counts.' })
  @IsOptional()
  @IsUUID()
  runId?: string;
}

export class CheckEvidenceDto {
  @ApiProperty() checkId!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ enum: ['passed', 'failed', 'errored', 'skipped'] }) status!: string;
  @ApiProperty() level!: number;
  @ApiProperty() points!: number;
  @ApiProperty({ description: 'What was expected and what came.' }) message!: string;
}

export class CriterionScoreDto {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() weight!: number;
  @ApiProperty() measured!: boolean;
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 3 }) level!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Highest level that the task can show.' }) measuredUpTo!:
    | number
    | null;
  @ApiProperty({ type: String, nullable: true }) levelText!: string | null;
  @ApiProperty() points!: number;
  @ApiProperty() maxPoints!: number;
  @ApiProperty({ type: Number, nullable: true }) score!: number | null;
  @ApiProperty({ type: [CheckEvidenceDto] }) evidence!: CheckEvidenceDto[];
}

export class AreaScoreDto {
  @ApiProperty({ enum: ['A', 'B', 'C', 'D', 'E'] }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() weight!: number;
  @ApiProperty({ description: 'False means "not measured", which is not 0.' }) measured!: boolean;
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 100 }) score!: number | null;
  @ApiProperty({ type: [CriterionScoreDto] }) criteria!: CriterionScoreDto[];
}

/** `counts`: only beside another one that was asked for. `pending`: of a regrade that is not decided. `replaced`: stood for its submission once. `earlier_submission`: a newer one counts. */
export const SCORECARD_STANDINGS = ['counts', 'pending', 'rejected', 'cancelled', 'replaced', 'earlier_submission'] as const;
export type ScorecardStanding = (typeof SCORECARD_STANDINGS)[number];

export class OtherAreaDto {
  @ApiProperty({ enum: ['A', 'B', 'C', 'D', 'E'] }) id!: string;
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 100 }) score!: number | null;
}

/** Another scorecard of the evaluation, in short. */
export class OtherScorecardDto {
  @ApiProperty({ format: 'uuid' }) gradingRunId!: string;
  @ApiProperty({ format: 'uuid' }) submissionId!: string;
  @ApiProperty({ format: 'uuid', type: String, nullable: true }) regradeId!: string | null;
  @ApiProperty({ enum: SCORECARD_STANDINGS, description: 'What it is to the evaluation.' }) standing!: ScorecardStanding;
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 100 }) composite!: number | null;
  @ApiProperty({ type: [OtherAreaDto] }) areas!: OtherAreaDto[];
  @ApiProperty({ description: 'Version of the task that it was graded with.' }) taskVersion!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export class ScorecardDto {
  @ApiProperty({ format: 'uuid' }) evaluationId!: string;
  @ApiProperty({ format: 'uuid', description: 'The run that this scorecard is of.' }) gradingRunId!: string;
  @ApiProperty({ format: 'uuid', description: 'The run whose scorecard counts: this one, unless another was asked for.' })
  countingRunId!: string;
  @ApiProperty({ format: 'uuid' }) submissionId!: string;
  @ApiProperty({ type: Number, nullable: true, minimum: 0, maximum: 100 }) composite!: number | null;
  @ApiProperty() rubricVersion!: string;
  @ApiProperty({ type: [AreaScoreDto] }) areas!: AreaScoreDto[];
  @ApiProperty({ type: Object, description: 'Pack, hashes, versions, run and timings: what is needed to repeat the grade.' })
  provenance!: object;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: [OtherScorecardDto], description: 'Scorecards of regrades that wait for a decision, newest first.' })
  pending!: OtherScorecardDto[];
  @ApiProperty({ type: [OtherScorecardDto], description: 'All others, newest first.' })
  others!: OtherScorecardDto[];
}
