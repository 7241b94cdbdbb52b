import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Problem details, for the OpenAPI description. */
export class ProblemDto {
  @ApiProperty() type!: string;
  @ApiProperty() title!: string;
  @ApiProperty() status!: number;
  @ApiProperty() detail!: string;
  @ApiProperty({ description: 'Stable; clients switch on it.' }) code!: string;
  @ApiProperty() instance!: string;
  @ApiPropertyOptional() requestId?: string;
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
  })
  errors?: { path: string; message: string }[];
}
