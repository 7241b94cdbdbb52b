import { type AssumptionInSet, SET_ORIGINS } from '@assay/cost-model/assumption-set';
import { CHANGE_KINDS } from '@assay/cost-model/assumption-set-changes';
import { ApiProperty } from '@nestjs/swagger';
import { AssumptionDto, AssumptionFigureDto, toAssumptionDto, toFigureDto } from './assumption.dto';
import type { Movement, Version, VersionSummary } from './assumption-set-versions.service';
import type { AssumptionSetSummary } from './assumption-sets.service';

export class AssumptionSetAuthorDto {
  @ApiProperty({ enum: ['member', 'api_key'] }) kind!: string;
  @ApiProperty({ format: 'uuid' }) id!: string;
}

export class AssumptionChangeDto {
  @ApiProperty({ example: 'C3' }) id!: string;
  @ApiProperty({ description: 'What the figure says.' }) claim!: string;
  @ApiProperty() unit!: string;
  @ApiProperty({
    enum: CHANGE_KINDS,
    description: "`replaced` by a person; `taken_back` to the model's default; `learned`: new in the model, with its default.",
  })
  kind!: string;
  @ApiProperty({ type: AssumptionFigureDto, nullable: true, description: 'Null for what was not known before.' })
  before!: AssumptionFigureDto | null;
  @ApiProperty() after!: AssumptionFigureDto;
  @ApiProperty() reason!: string;
}

export class AssumptionMovementDto extends AssumptionChangeDto {
  @ApiProperty({ type: 'integer', description: 'The version that moved it last.' }) version!: number;
  @ApiProperty({ description: 'Who made that version.' }) by!: AssumptionSetAuthorDto;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

export class AssumptionMovementsDto {
  @ApiProperty({ type: 'integer' }) version!: number;
  @ApiProperty({ type: 'integer', description: "0 are the model's defaults." }) since!: number;
  @ApiProperty({ type: [AssumptionMovementDto] }) items!: AssumptionMovementDto[];
}

export class AssumptionInSetDto extends AssumptionDto {
  @ApiProperty({
    enum: SET_ORIGINS,
    description:
      "`default`: as the model has it. `earlier_default`: as the model had it when the version was made; today's differs. `later_default`: the model learned it after the version was made. `changed`: by a person.",
  })
  origin!: string;
  @ApiProperty({ type: AssumptionFigureDto, nullable: true, description: "The model's default of today; null when it has none." })
  default!: AssumptionFigureDto | null;
}

export class AssumptionSetVersionSummaryDto {
  @ApiProperty({ type: 'integer', minimum: 1 }) version!: number;
  @ApiProperty() createdBy!: AssumptionSetAuthorDto;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: [AssumptionChangeDto], description: 'Against the version before; of version 1, against the defaults.' })
  changes!: AssumptionChangeDto[];
}

export class AssumptionSetVersionDto extends AssumptionSetVersionSummaryDto {
  @ApiProperty({ type: [AssumptionInSetDto], description: 'Every figure that the version means.' })
  assumptions!: AssumptionInSetDto[];
  @ApiProperty({
    type: [String],
    description: 'Ids of what the model learned after the version was made; their defaults are taken.',
  })
  learnedLater!: string[];
}

export class AssumptionSetSummaryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: String, nullable: true }) description!: string | null;
  @ApiProperty({ type: 'integer' }) newestVersion!: number;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) archivedAt!: string | null;
}

export class AssumptionSetDto extends AssumptionSetSummaryDto {
  @ApiProperty() newest!: AssumptionSetVersionDto;
}

export class DefaultAssumptionsDto {
  @ApiProperty({ type: [AssumptionDto] }) items!: AssumptionDto[];
}

export function toAssumptionSetSummaryDto(set: AssumptionSetSummary): AssumptionSetSummaryDto {
  const { id, name, description, newestVersion, createdAt, archivedAt } = set;
  return {
    ...{ id, name, description, newestVersion },
    createdAt: createdAt.toISOString(),
    archivedAt: archivedAt?.toISOString() ?? null,
  };
}

export function toVersionSummaryDto({
  version,
  createdByKind,
  createdBy,
  createdAt,
  changes,
}: VersionSummary): AssumptionSetVersionSummaryDto {
  return {
    version,
    createdBy: { kind: createdByKind, id: createdBy },
    createdAt: createdAt.toISOString(),
    changes: changes.map(toChangeDto),
  };
}

export function toVersionDto(version: Version): AssumptionSetVersionDto {
  return {
    ...toVersionSummaryDto(version),
    assumptions: version.figures.map(toInSetDto),
    learnedLater: version.figures.filter(({ origin }) => origin === 'later_default').map(({ assumption }) => assumption.id),
  };
}

export function toMovementDto(moved: Movement): AssumptionMovementDto {
  const { createdByKind, createdBy, createdAt } = moved.made;
  return {
    ...toChangeDto(moved),
    version: moved.version,
    by: { kind: createdByKind, id: createdBy },
    at: createdAt.toISOString(),
  };
}

function toInSetDto({ assumption, origin, today }: AssumptionInSet): AssumptionInSetDto {
  return { ...toAssumptionDto(assumption), origin, default: today && toFigureDto(today) };
}

function toChangeDto({ id, claim, unit, kind, before, after, reason }: VersionSummary['changes'][number]): AssumptionChangeDto {
  return { id, claim, unit, kind, before: before && toFigureDto(before), after: toFigureDto(after), reason };
}
