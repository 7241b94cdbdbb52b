import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsPlainText } from '../http/plain-text';
import { Trimmed } from '../http/trimmed';
import { AssumptionOverrideDto } from './assumption-override.dto';
import { MOST_VERSIONS } from './assumption-set-ref.dto';

const MOST_CHANGES = 200;

/** Names are told apart by eye, so one way of writing each. */
const name = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().normalize('NFC') : value);

export class CreateAssumptionSetDto {
  @ApiProperty({ minLength: 1, maxLength: 200, description: 'No other set of the organisation has it, in any case.' })
  @Transform(name)
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name!: string;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 2000 })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 2000)
  @IsPlainText(2000)
  description?: string | null;

  @ApiProperty({
    type: [AssumptionOverrideDto],
    minItems: 1,
    maxItems: MOST_CHANGES,
    description: "Against the model's defaults.",
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_CHANGES)
  @ValidateNested({ each: true })
  @Type(() => AssumptionOverrideDto)
  assumptions!: AssumptionOverrideDto[];
}

/** Fields left out stay as they are. */
export class ChangeAssumptionSetDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 200 })
  @ValidateIf((body: ChangeAssumptionSetDto) => body.name !== undefined)
  @Transform(name)
  @IsString()
  @Length(1, 200)
  @IsPlainText()
  name?: string;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 2000, description: 'Null takes it away.' })
  @IsOptional()
  @Trimmed()
  @IsString()
  @Length(1, 2000)
  @IsPlainText(2000)
  description?: string | null;
}

export class VersionChangeDto extends AssumptionOverrideDto {
  @ApiPropertyOptional({
    enum: [true],
    description: "Takes the figure back to the model's default of today; with id and reason only.",
  })
  @ValidateIf((change: VersionChangeDto) => change.reset !== undefined)
  @IsIn([true])
  reset?: boolean;
}

export class CreateAssumptionSetVersionDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The newest version, which the changes are made against.' })
  @IsInt()
  @Min(1)
  @Max(MOST_VERSIONS)
  basedOn!: number;

  @ApiProperty({ type: [VersionChangeDto], minItems: 1, maxItems: MOST_CHANGES })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_CHANGES)
  @ValidateNested({ each: true })
  @Type(() => VersionChangeDto)
  assumptions!: VersionChangeDto[];
}

export class MovementsQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: "The version before when left out; 0 are the model's defaults.",
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MOST_VERSIONS)
  since?: number;
}
