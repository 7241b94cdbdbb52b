import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, ValidateIf } from 'class-validator';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';

export class RenameEstimateDto {
  @ApiProperty({ type: String, nullable: true, minLength: 1, maxLength: 200, description: 'Null takes the name away.' })
  @ValidateIf((body: RenameEstimateDto) => body.name !== null)
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name!: string | null;
}
