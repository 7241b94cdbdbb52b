import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsUUID, Max, Min, ValidateIf } from 'class-validator';

/** The largest number that the database holds as a version. */
export const MOST_VERSIONS = 2_147_483_647;

/** Names a version of an assumption set in the body of a request. */
export class AssumptionSetRefDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'The newest one when left out.' })
  @ValidateIf((body: AssumptionSetRefDto) => body.version !== undefined)
  @IsInt()
  @Min(1)
  @Max(MOST_VERSIONS)
  version?: number;
}
