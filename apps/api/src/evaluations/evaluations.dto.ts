import { EVALUATION_STATUSES } from '@assay/lifecycle/evaluation-status';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { IsPlainText } from '../http/plain-text';
import { IsTimestamp } from '../http/timestamp';
import { Trimmed } from '../http/trimmed';

export class CreateEvaluationDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  candidateId!: string;

  @ApiProperty({ example: 'bookshop' })
  @IsString()
  @Length(1, 100)
  @IsPlainText()
  taskSlug!: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The newest rubric when left out.' })
  @IsOptional()
  @IsUUID()
  rubricId?: string;

  @ApiPropertyOptional({ description: 'The role that is hired for.', default: 'Django developer' })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  role?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'The candidate cannot start before.' })
  @IsOptional()
  @IsTimestamp()
  opensAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Nothing is accepted after, whatever is left of the time box.' })
  @IsOptional()
  @IsTimestamp()
  closesAt?: string;

  @ApiPropertyOptional({ description: 'Minutes from the start; the task states a default.', minimum: 5, maximum: 20160 })
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(20160)
  timeBoxMinutes?: number;

  @ApiPropertyOptional({ description: 'How many graded submissions are allowed.', minimum: 1, maximum: 10, default: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  attemptsAllowed?: number;

  @ApiPropertyOptional({
    description:
      'Whether a submission that cannot be graded for a reason of its own (it does not start, for example) uses an attempt. As the organisation has it when left out. A fault of ours never uses one.',
  })
  @IsOptional()
  @IsBoolean()
  unstartableUsesAttempt?: boolean;
}

/** What an organisation makes of an evaluation. */
export const DECISIONS = ['advance', 'decline'] as const;
export type Decision = (typeof DECISIONS)[number];

export class DecideEvaluationDto {
  @ApiProperty({ enum: DECISIONS, description: 'Whether the candidate goes on to the next step.' })
  @IsIn(DECISIONS)
  decision!: Decision;
}

export class EvaluationDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) candidateId!: string;
  @ApiProperty() taskSlug!: string;
  @ApiProperty() taskVersion!: string;
  @ApiProperty({ format: 'uuid' }) rubricId!: string;
  @ApiProperty() role!: string;
  @ApiProperty({ enum: EVALUATION_STATUSES }) status!: string;
  @ApiProperty() timeBoxMinutes!: number;
  @ApiProperty() attemptsAllowed!: number;
  @ApiProperty({ description: 'Whether a submission that cannot be graded for a reason of its own uses an attempt.' })
  unstartableUsesAttempt!: boolean;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) opensAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) closesAt!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) invitedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) startedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) submittedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) gradedAt!: string | null;
  @ApiProperty({ format: 'date-time', type: String, nullable: true }) decidedAt!: string | null;
  @ApiProperty({ enum: DECISIONS, nullable: true }) decision!: Decision | null;
}

export class InvitationDto {
  @ApiProperty({ type: String, nullable: true, description: 'Shown once. Whoever has it can take this evaluation.' }) inviteUrl!:
    | string
    | null;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
  @ApiProperty({ description: 'Whether the mail went out. When not, hand the link over yourself or invite again.' })
  mailed!: boolean;
}
