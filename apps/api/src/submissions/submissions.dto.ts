import { SUBMISSION_STATUSES, type SubmissionStatus } from '@assay/lifecycle/submission-status';
import { ApiProperty } from '@nestjs/swagger';
import { QueueStandingDto } from '../grading/queue-standing';

export class SubmissionReasonDto {
  @ApiProperty({ description: 'Stable, for example `missing-dependency`.' }) code!: string;
  @ApiProperty({ description: 'What was wrong and what to do.' }) message!: string;
  @ApiProperty({ description: "Last lines of the project's own output." }) log!: string;
}

export class SubmissionDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) evaluationId!: string;
  @ApiProperty({ enum: SUBMISSION_STATUSES }) status!: SubmissionStatus;
  @ApiProperty({ description: 'The status in a sentence.' }) message!: string;
  @ApiProperty({ type: String, nullable: true, description: 'What the worker is doing just now.' }) phase!: string | null;
  @ApiProperty({ type: QueueStandingDto, nullable: true, description: 'Where it stands while it waits; null when nobody knows.' })
  queue!: QueueStandingDto | null;
  @ApiProperty({ type: SubmissionReasonDto, nullable: true, description: 'Why there is no grade.' })
  reason!: SubmissionReasonDto | null;
  @ApiProperty() archiveSha256!: string;
  @ApiProperty() archiveBytes!: number;
  @ApiProperty() fileCount!: number;
  @ApiProperty({ format: 'date-time' }) receivedAt!: string;
}
