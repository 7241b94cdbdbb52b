import { CHECK_STATUSES, VISIBILITIES } from '@assay/contracts/grading-report';
import { RUN_STATUSES } from '@assay/lifecycle/grading-run';
import { ApiProperty } from '@nestjs/swagger';

export class RunReasonDto {
  @ApiProperty() code!: string;
  @ApiProperty() messageForCandidate!: string;
  @ApiProperty() messageForReviewer!: string;
  @ApiProperty({ description: "Last lines of the project's own output." }) log!: string;
}

export class GradingRunDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) submissionId!: string;
  @ApiProperty({ enum: RUN_STATUSES }) status!: string;
  @ApiProperty({ example: 'bookshop' }) taskSlug!: string;
  @ApiProperty({ description: 'The version that this run uses; a regrade may use another one than the evaluation does.' })
  taskVersion!: string;
  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'The regrade that it belongs to, if any.' })
  regradeId!: string | null;
  @ApiProperty({ format: 'date-time' }) requestedAt!: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) queuedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) startedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) finishedAt!: string | null;
  @ApiProperty({ type: RunReasonDto, nullable: true }) reason!: RunReasonDto | null;
}

export class FindingDto {
  @ApiProperty() tool!: string;
  @ApiProperty() rule!: string;
  @ApiProperty() message!: string;
  @ApiProperty() file!: string;
  @ApiProperty() line!: number;
}

export class CheckResultDto {
  @ApiProperty() id!: string;
  @ApiProperty() title!: string;
  @ApiProperty() criterion!: string;
  @ApiProperty() level!: number;
  @ApiProperty() points!: number;
  @ApiProperty({ enum: CHECK_STATUSES }) status!: string;
  @ApiProperty({ enum: VISIBILITIES }) visibility!: string;
  @ApiProperty() messageForCandidate!: string;
  @ApiProperty() messageForReviewer!: string;
  @ApiProperty({ type: Object, description: 'What was asked, what came back, SQL statements, measurements, files and lines.' })
  evidence!: object;
}

export class GradingEvidenceDto {
  @ApiProperty({ type: GradingRunDto }) run!: GradingRunDto;
  @ApiProperty({ type: [CheckResultDto] }) checks!: CheckResultDto[];
  @ApiProperty({ type: [FindingDto], description: 'Static findings on the submission.' }) findings!: FindingDto[];
  @ApiProperty({ type: Object, nullable: true, description: 'Null while there is no report.' }) provenance!: object | null;
  @ApiProperty({ type: Object, nullable: true, description: 'Whole milliseconds.' }) timings!: object | null;
}
