import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsObject, IsOptional, IsString, Length, ValidateIf, ValidateNested } from 'class-validator';
import { AssumptionSetRefDto } from '../assumption-sets/assumption-set-ref.dto';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';

export class CreateRerunDto {
  @ApiPropertyOptional({
    description:
      "Which assumptions. When left out, the newest version of the set that the estimate was made with, or the model's defaults of today when it was made with these; null takes the defaults.",
    type: AssumptionSetRefDto,
    nullable: true,
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AssumptionSetRefDto)
  assumptionSet?: AssumptionSetRefDto | null;

  @ApiPropertyOptional({
    description: "Whether the estimate's own figures stay, with their reasons, on top of these assumptions.",
    default: true,
  })
  @ValidateIf((body: CreateRerunDto) => body.keepOwnFigures !== undefined)
  @IsBoolean()
  keepOwnFigures?: boolean;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 200,
    description: "The estimate's when left out.",
  })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name?: string | null;
}
