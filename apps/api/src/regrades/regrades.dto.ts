import { RUN_STATUSES } from '@assay/lifecycle/grading-run';
import { ApiProperty } from '@nestjs/swagger';
import { ComparisonDto } from './comparison.dto';
import { ITEM_DECISIONS } from './regrade-item.entity';

export const REGRADE_STATUSES = ['grading', 'awaiting_decision', 'decided', 'cancelled'] as const;
export type RegradeStatus = (typeof REGRADE_STATUSES)[number];

export class RegradeProgressDto {
  @ApiProperty({ description: 'Submissions that are graded again.' }) total!: number;
  @ApiProperty() waiting!: number;
  @ApiProperty() running!: number;
  @ApiProperty() graded!: number;
  @ApiProperty() ungradable!: number;
  @ApiProperty() timedOut!: number;
  @ApiProperty() infraFault!: number;
  @ApiProperty() cancelled!: number;
  @ApiProperty({ description: 'With another result than before.' }) changed!: number;
  @ApiProperty() unchanged!: number;
  @ApiProperty() undecided!: number;
  @ApiProperty() approved!: number;
  @ApiProperty() rejected!: number;
}

export class RegradeDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: REGRADE_STATUSES }) status!: RegradeStatus;
  @ApiProperty() taskSlug!: string;
  @ApiProperty({ description: 'The version that the new runs use.' }) toVersion!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ format: 'uuid' }) requestedBy!: string;
  @ApiProperty({ format: 'date-time' }) requestedAt!: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'When nothing was left to decide.' })
  closedAt!: string | null;
  @ApiProperty({ type: RegradeProgressDto }) progress!: RegradeProgressDto;
}

export class RegradeChangeDto {
  @ApiProperty({ format: 'uuid' }) evaluationId!: string;
  @ApiProperty({ format: 'uuid' }) candidateId!: string;
  @ApiProperty({ format: 'uuid' }) submissionId!: string;
  @ApiProperty({ format: 'uuid' }) earlierRunId!: string;
  @ApiProperty({ format: 'uuid' }) newRunId!: string;
  @ApiProperty({ enum: RUN_STATUSES, description: 'Of the new run.' }) status!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The decision on the evaluation. A regrade never changes it.' })
  evaluationDecision!: string | null;
  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether the result is another one; null until the new run is over.',
  })
  changed!: boolean | null;
  @ApiProperty({ type: ComparisonDto, nullable: true }) comparison!: ComparisonDto | null;
  @ApiProperty({
    enum: [...ITEM_DECISIONS, null],
    type: String,
    nullable: true,
    description: 'Null: the earlier scorecard counts.',
  })
  decision!: string | null;
  @ApiProperty({ type: String, nullable: true }) decisionReason!: string | null;
  @ApiProperty({ format: 'uuid', type: String, nullable: true }) decidedBy!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) decidedAt!: string | null;
}
