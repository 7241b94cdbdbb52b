import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, Length, ValidateIf } from 'class-validator';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import { FEEDBACK_POLICIES, type FeedbackPolicy } from './organisation.entity';
import type { Organisation } from './organisations.service';

export class OrganisationDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: FEEDBACK_POLICIES, description: 'What candidates may read of their grade.' })
  candidateFeedback!: FeedbackPolicy;
  @ApiProperty({ description: 'For new evaluations: whether a submission that cannot be graded uses an attempt.' })
  unstartableUsesAttempt!: boolean;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;
}

/** Fields left out stay as they are. */
export class ChangeOrganisationDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @ValidateIf((body: ChangeOrganisationDto) => body.name !== undefined)
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name?: string;

  @ApiPropertyOptional({ enum: FEEDBACK_POLICIES })
  @ValidateIf((body: ChangeOrganisationDto) => body.candidateFeedback !== undefined)
  @IsIn(FEEDBACK_POLICIES)
  candidateFeedback?: FeedbackPolicy;

  @ApiPropertyOptional({ description: 'For evaluations made from now on; the ones there are keep their rule.' })
  @ValidateIf((body: ChangeOrganisationDto) => body.unstartableUsesAttempt !== undefined)
  @IsBoolean()
  unstartableUsesAttempt?: boolean;
}

export function toOrganisationDto(organisation: Organisation): OrganisationDto {
  return {
    id: organisation.id,
    name: organisation.name,
    candidateFeedback: organisation.candidateFeedback,
    unstartableUsesAttempt: organisation.unstartableUsesAttempt,
    createdAt: organisation.createdAt.toISOString(),
    updatedAt: organisation.updatedAt.toISOString(),
  };
}
