import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsString, Length, ValidateIf } from 'class-validator';
import { PageQuery } from '../http/pagination';
import { IsPlainText } from '../http/plain-text';

export class EstimatesQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Those that are archived, or those that are not.', type: Boolean, default: false })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  archived: boolean = false;
}

export class RenameEstimateDto {
  @ApiProperty({ type: String, nullable: true, minLength: 1, maxLength: 200, description: 'Null takes the name away.' })
  @ValidateIf((body: RenameEstimateDto) => body.name !== null)
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name!: string | null;
}
