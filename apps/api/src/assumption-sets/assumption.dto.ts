import { type Assumption, isRange } from '@assay/cost-model/assumption';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class AssumptionDto {
  @ApiProperty({ example: 'C3' }) id!: string;
  @ApiProperty({ description: 'What the figure says.' }) claim!: string;
  @ApiPropertyOptional({ description: 'Of a single figure.' }) value?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) low?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) mode?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) high?: number;
  @ApiProperty() unit!: string;
  @ApiProperty({ enum: ['input', 'claim', 'display'] }) role!: string;
  @ApiProperty() appliesTo!: string;
  @ApiProperty({ type: String, nullable: true }) baseline!: string | null;
  @ApiProperty() reading!: string;
  @ApiProperty({ type: [String] }) readings!: string[];
  @ApiProperty({ enum: ['vendor', 'rate_guide', 'official', 'placeholder'] }) evidence!: string;
  @ApiProperty() source!: string;
  @ApiProperty({ format: 'date' }) retrieved!: string;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Who replaced the default.' }) overriddenBy!: string | null;
  @ApiProperty({ type: String, nullable: true }) overrideReason!: string | null;
}

export function toAssumptionDto(assumption: Assumption): AssumptionDto {
  const { id, claim, unit, role, appliesTo, baseline, reading, readings, evidence, source, retrieved } = assumption;
  const figures = isRange(assumption)
    ? { low: assumption.low, mode: assumption.mode, high: assumption.high }
    : { value: assumption.value };
  return {
    ...{ id, claim, ...figures, unit, role, appliesTo, baseline, reading, readings: [...readings], evidence, source, retrieved },
    enabled: assumption.enabled,
    overriddenBy: assumption.overriddenBy,
    overrideReason: assumption.overrideReason,
  };
}
