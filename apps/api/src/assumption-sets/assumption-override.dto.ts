import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsNumber, IsOptional, IsString, Length } from 'class-validator';
import { IsPlainText } from '../http/plain-text';

// Checks the types of the fields; `@assay/cost-model` then checks what the numbers mean, so that ranges are stated once.
export class AssumptionOverrideDto {
  @ApiProperty({ description: 'Which assumption.', example: 'C3' })
  @IsString()
  id!: string;

  @ApiProperty({ description: 'Why it is replaced.', minLength: 1, maxLength: 500 })
  @IsString()
  @Length(1, 500)
  @IsPlainText(500)
  reason!: string;

  @ApiPropertyOptional({ description: 'The figure; of a range, low, mode and high alike.' })
  @IsOptional()
  @IsNumber()
  value?: number;

  @ApiPropertyOptional() @IsOptional() @IsNumber() low?: number;
  @ApiPropertyOptional() @IsOptional() @IsNumber() mode?: number;
  @ApiPropertyOptional() @IsOptional() @IsNumber() high?: number;

  @ApiPropertyOptional({ description: "One of the assumption's `readings`." })
  @IsOptional()
  @IsString()
  reading?: string;

  @ApiPropertyOptional({ description: 'Switches a claim on or off.' })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;
}
