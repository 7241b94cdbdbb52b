import { EVALUATION_STATUSES } from '@assay/lifecycle/evaluation-status';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { PracticeAllowanceDto } from '../practice/practice.dto';

export class OpenSessionDto {
  @ApiProperty({ description: 'The part of the magic link after the #.' })
  @IsString()
  @Length(1, 200)
  token!: string;
}

export class CandidateSessionDto {
  @ApiProperty() accessToken!: string;
  @ApiProperty({ description: 'Seconds. Open the link again for a new one.' }) expiresIn!: number;
}

export class CandidateTaskDto {
  @ApiProperty() slug!: string;
  @ApiProperty() version!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ description: 'The task, in Markdown.' }) prompt!: string;
}

export class CandidateEvaluationDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() role!: string;
  @ApiProperty({ enum: EVALUATION_STATUSES }) status!: string;
  @ApiProperty({ type: CandidateTaskDto, nullable: true, description: 'Shown once the evaluation was started.' })
  task!: CandidateTaskDto | null;
  @ApiProperty() timeBoxMinutes!: number;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) opensAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) closesAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) startedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'Last moment for an upload to begin.' })
  deadline!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Null before the start.' }) secondsLeft!: number | null;
  @ApiProperty() attemptsAllowed!: number;
  @ApiProperty({
    description:
      'Whether a submission that cannot be graded for a reason of its own (it does not start, for example) uses an attempt. A fault of ours never does.',
  })
  unstartableUsesAttempt!: boolean;
  @ApiProperty({
    type: PracticeAllowanceDto,
    nullable: true,
    description: 'Practice runs that may be started; null before the start.',
  })
  practice!: PracticeAllowanceDto | null;
}

export class FeedbackCheckDto {
  @ApiProperty() title!: string;
  @ApiProperty() criterion!: string;
  @ApiProperty({ enum: ['passed', 'failed', 'errored', 'skipped'] }) status!: string;
  @ApiProperty() message!: string;
}

export class FeedbackDto {
  @ApiProperty({ description: 'False when the organisation gives no feedback, or not yet.' }) available!: boolean;
  @ApiProperty() message!: string;
  @ApiProperty({ type: [FeedbackCheckDto] }) checks!: FeedbackCheckDto[];
}
