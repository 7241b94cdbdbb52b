import { HIRING_MODELS, type Project } from '@assay/cost-model/project';
import { ApiProperty } from '@nestjs/swagger';
import { AssumptionDto, toAssumptionDto } from '../assumption-sets/assumption.dto';
import type { CostEstimate, CostEstimateSummary, EstimatedModel } from './cost-estimates.service';

const USD = { description: 'USD, to the cent.', example: 358386.94 } as const;

export class EstimatedMixDto {
  @ApiProperty() junior!: number;
  @ApiProperty() mid!: number;
  @ApiProperty() senior!: number;
}

export class EstimatedProjectDto {
  @ApiProperty() hours!: number;
  @ApiProperty() seats!: number;
  @ApiProperty({ type: Number, nullable: true }) hoursPerMonth!: number | null;
  @ApiProperty({ type: EstimatedMixDto, nullable: true }) seniorityMix!: EstimatedMixDto | null;
  @ApiProperty({ enum: ['django', 'flask'] }) framework!: string;
  @ApiProperty() builtInFeatures!: number;
}

export class EstimatedTotalDto {
  @ApiProperty({ enum: HIRING_MODELS }) model!: string;
  @ApiProperty(USD) total!: number;
  @ApiProperty({ enum: ['USD'] }) currency!: string;
  @ApiProperty({ description: 'Months from the decision to hire until delivery, four places.', example: 7.515 })
  deliveryMonths!: number;
}

export class BreakdownDto {
  @ApiProperty(USD) labour!: number;
  @ApiProperty(USD) management!: number;
  @ApiProperty(USD) recruiting!: number;
  @ApiProperty(USD) vacancy!: number;
  @ApiProperty(USD) equipment!: number;
}

export class EstimatedModelDto extends EstimatedTotalDto {
  @ApiProperty({ description: 'Each part is rounded by itself, so their sum may miss the total by cents.' })
  breakdown!: BreakdownDto;
}

export class BreakEvenDto {
  @ApiProperty({ enum: HIRING_MODELS, isArray: true, minItems: 2, maxItems: 2 }) models!: string[];
  @ApiProperty({ type: Number, nullable: true, description: 'Project hours at which both cost the same; null is never.' })
  hours!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'The same in months of the whole team.' }) months!: number | null;
  @ApiProperty({ type: String, enum: HIRING_MODELS, nullable: true, description: 'Null when both always cost the same.' })
  cheaperBelow!: string | null;
  @ApiProperty({ type: String, enum: HIRING_MODELS, nullable: true }) cheaperAbove!: string | null;
}

export class ImpliedFigureDto {
  @ApiProperty() figure!: string;
  @ApiProperty() value!: number;
}

export class ClaimDto {
  @ApiProperty({ example: 'C7' }) id!: string;
  @ApiProperty() claim!: string;
  @ApiProperty() claimed!: number;
  @ApiProperty() unit!: string;
  @ApiProperty() reading!: string;
  @ApiProperty() evidence!: string;
  @ApiProperty() source!: string;
  @ApiProperty({ description: 'Whether a person switched it on, so that the estimate follows it.' }) enabled!: boolean;
  @ApiProperty({ type: [ImpliedFigureDto], description: 'What this model says about the same thing.' })
  implied!: ImpliedFigureDto[];
}

export class EstimateSummaryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: String, nullable: true }) name!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty() project!: EstimatedProjectDto;
  @ApiProperty({ type: [EstimatedTotalDto] }) models!: EstimatedTotalDto[];
}

export class EstimateDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: String, nullable: true }) name!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty() project!: EstimatedProjectDto;
  @ApiProperty({ type: [EstimatedModelDto] }) models!: EstimatedModelDto[];
  @ApiProperty({ type: [BreakEvenDto], description: 'One per pair of models.' }) breakEvens!: BreakEvenDto[];
  @ApiProperty({ type: [ClaimDto], description: "Vendors' claims beside the model's own figures." }) claims!: ClaimDto[];
  @ApiProperty({ type: [AssumptionDto], description: 'Every figure that was used, with its provenance.' })
  assumptions!: AssumptionDto[];
  @ApiProperty({ type: [String] }) warnings!: string[];
}

export function toEstimateSummaryDto(estimate: CostEstimateSummary): EstimateSummaryDto {
  return {
    id: estimate.id,
    name: estimate.name,
    createdAt: estimate.createdAt.toISOString(),
    project: toProjectDto(estimate.project),
    models: estimate.models.map(toTotalDto),
  };
}

export function toEstimateDto(estimate: CostEstimate): EstimateDto {
  return {
    id: estimate.id,
    name: estimate.name,
    createdAt: estimate.createdAt.toISOString(),
    project: toProjectDto(estimate.project),
    models: estimate.models.map(toModelDto),
    breakEvens: estimate.breakEvens.map(({ models, hours, months, cheaperBelow, cheaperAbove }) => ({
      models: [...models],
      hours,
      months,
      cheaperBelow,
      cheaperAbove,
    })),
    claims: estimate.claims.map(({ id, claim, claimed, unit, reading, evidence, source, enabled, implied }) => ({
      ...{ id, claim, claimed, unit, reading, evidence, source, enabled },
      implied: implied.map(({ figure, value }) => ({ figure, value })),
    })),
    assumptions: estimate.assumptions.map(toAssumptionDto),
    warnings: [...estimate.warnings],
  };
}

function toProjectDto({ hours, seats, hoursPerMonth, seniorityMix, framework, builtInFeatures }: Project): EstimatedProjectDto {
  return {
    ...{ hours, seats, hoursPerMonth },
    seniorityMix: seniorityMix && { junior: seniorityMix.junior, mid: seniorityMix.mid, senior: seniorityMix.senior },
    ...{ framework, builtInFeatures },
  };
}

function toTotalDto({ model, total, currency, deliveryMonths }: EstimatedModel): EstimatedTotalDto {
  return { model, total, currency, deliveryMonths };
}

function toModelDto(estimated: EstimatedModel): EstimatedModelDto {
  const { labour, management, recruiting, vacancy, equipment } = estimated.breakdown;
  return { ...toTotalDto(estimated), breakdown: { labour, management, recruiting, vacancy, equipment } };
}
