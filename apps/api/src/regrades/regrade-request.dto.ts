import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { PageQuery } from '../http/pagination';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';

const MOST_EVALUATIONS = 500;
const LONGEST_REASON = 500;

export class CreateRegradeDto {
  @ApiProperty({ example: 'bookshop' })
  @IsString()
  @Length(1, 100)
  @IsPlainText()
  taskSlug!: string;

  @ApiPropertyOptional({ description: 'The installed version when left out; another one cannot be graded with.' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @IsPlainText()
  toVersion?: string;

  @ApiProperty({ description: 'Why, for those who read the audit trail.', maxLength: LONGEST_REASON })
  @Trimmed()
  @IsString()
  @Length(1, LONGEST_REASON)
  @IsPlainText(LONGEST_REASON)
  reason!: string;

  @ApiPropertyOptional({ format: 'uuid', isArray: true, type: String, description: 'All evaluations of the task when left out.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_EVALUATIONS)
  @IsUUID(undefined, { each: true })
  evaluationIds?: string[];
}

export class RegradeRunDto {
  @ApiPropertyOptional({ description: 'Why, for those who read the audit trail.', maxLength: LONGEST_REASON })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, LONGEST_REASON)
  @IsPlainText(LONGEST_REASON)
  reason?: string;
}

export class DecideRegradeDto {
  @ApiProperty({ enum: ['approve', 'reject'] })
  @IsIn(['approve', 'reject'])
  decision!: 'approve' | 'reject';

  @ApiProperty({ description: 'Why, for those who read the audit trail.', maxLength: LONGEST_REASON })
  @Trimmed()
  @IsString()
  @Length(1, LONGEST_REASON)
  @IsPlainText(LONGEST_REASON)
  reason!: string;

  @ApiPropertyOptional({ format: 'uuid', isArray: true, type: String, description: 'All that are undecided when left out.' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_EVALUATIONS)
  @IsUUID(undefined, { each: true })
  evaluationIds?: string[];
}

export class ChangesQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'Only those with another result, or only those with the same one.',
  })
  @IsOptional()
  @Type(() => String)
  @IsIn(['true', 'false'])
  changed?: 'true' | 'false';
}

export class ComparisonQuery {
  @ApiProperty({ format: 'uuid', description: 'The run to compare with, of the same submission.' })
  @IsUUID()
  with!: string;
}
