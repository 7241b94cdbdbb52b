import { type Assumption, EVIDENCES, type ReplacedFigure } from '@assay/cost-model/assumption';
import { amountsOf } from '@assay/cost-model/assumption-provenance';
import type { StatedFigure } from '@assay/cost-model/assumption-set';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class SourcedFigureDto {
  @ApiPropertyOptional({ description: 'Of a single figure.' }) value?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) low?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) mode?: number;
  @ApiPropertyOptional({ description: 'Of a range.' }) high?: number;
  @ApiProperty({ enum: EVIDENCES }) evidence!: string;
  @ApiProperty() source!: string;
  @ApiProperty({ format: 'date' }) retrieved!: string;
}

export class ReplacedFigureDto extends SourcedFigureDto {
  @ApiProperty({ description: 'What the published figure says.' }) claim!: string;
}

/** What is calculated with, and where it comes from. */
export class AssumptionFigureDto extends SourcedFigureDto {
  @ApiProperty() reading!: string;
  @ApiProperty() enabled!: boolean;
}

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
  @ApiProperty({ enum: EVIDENCES, description: "`own`: a person's amounts instead of the published ones." }) evidence!: string;
  @ApiProperty() source!: string;
  @ApiProperty({ format: 'date', description: 'Taken from its source on this day; of an own figure, given on this day.' })
  retrieved!: string;
  @ApiPropertyOptional({ description: 'What an own figure stands in place of.' }) replaces?: ReplacedFigureDto;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Who replaced the default.' }) overriddenBy!: string | null;
  @ApiProperty({ type: String, nullable: true }) overrideReason!: string | null;
}

export function toAssumptionDto(assumption: Assumption): AssumptionDto {
  const { id, claim, unit, role, appliesTo, baseline, reading, readings, evidence, source, retrieved, replaces } = assumption;
  return {
    ...{ id, claim, ...amountsOf(assumption), unit, role, appliesTo, baseline, reading, readings: [...readings], evidence },
    ...{ source, retrieved },
    ...(replaces && { replaces: { claim: replaces.claim, ...toSourcedFigureDto(replaces) } }),
    enabled: assumption.enabled,
    overriddenBy: assumption.overriddenBy,
    overrideReason: assumption.overrideReason,
  };
}

export function toFigureDto(figure: StatedFigure | Assumption): AssumptionFigureDto {
  return { ...toSourcedFigureDto(figure), reading: figure.reading, enabled: figure.enabled };
}

/** Amounts that are not given are left out, not undefined: an answer reads the same when it is stored and given again. */
function toSourcedFigureDto(figure: Omit<ReplacedFigure, 'claim'>): SourcedFigureDto {
  const { value, low, mode, high, evidence, source, retrieved } = figure;
  const amounts = value === undefined ? { low, mode, high } : { value };
  return { ...amounts, evidence, source, retrieved };
}
