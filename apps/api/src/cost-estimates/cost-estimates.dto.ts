import { BUILT_IN_GROUPS, FLASK_FLAGS } from '@assay/cost-model/framework-fit';
import { HIRING_MODELS } from '@assay/cost-model/project';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AssumptionDto } from '../assumption-sets/assumption.dto';
import { EstimatedModelDto, EstimatedTotalDto } from './estimated-model.dto';
import { JoinDto } from './hiring-need.dto';

export class EstimatedMixDto {
  @ApiProperty() junior!: number;
  @ApiProperty() mid!: number;
  @ApiProperty() senior!: number;
}

export class EstimatedProjectDto {
  @ApiProperty() hours!: number;
  @ApiProperty() seats!: number;
  @ApiProperty({ type: [JoinDto], nullable: true, description: 'Null when all seats start together.' }) joins!: JoinDto[] | null;
  @ApiProperty({ type: Number, nullable: true }) hoursPerMonth!: number | null;
  @ApiProperty({ type: EstimatedMixDto, nullable: true }) seniorityMix!: EstimatedMixDto | null;
  @ApiProperty({ enum: ['django', 'flask'] }) framework!: string;
  @ApiProperty() builtInFeatures!: number;
  @ApiProperty({ enum: HIRING_MODELS, isArray: true }) models!: string[];
}

export class EstimatedScopeDto {
  @ApiPropertyOptional() hours?: number;
  @ApiPropertyOptional() teamSize?: number;
  @ApiPropertyOptional() months?: number;
}

export class EstimatedNeedDto {
  @ApiProperty({ type: String, nullable: true }) role!: string | null;
  @ApiProperty() seats!: number;
  @ApiProperty({ description: 'Hours, or a team size and months.' }) scope!: EstimatedScopeDto;
}

export class EstimatedSituationDto {
  @ApiProperty() isWellDefined!: boolean;
  @ApiProperty() isCoreProduct!: boolean;
  @ApiProperty() keepsArchitect!: boolean;
  @ApiProperty({ type: Number, nullable: true }) startWithinMonths!: number | null;
}

export class UsedAssumptionSetDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() version!: number;
  @ApiProperty({ description: 'As the set was called then.' }) name!: string;
}

export class BasedOnDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['scenario', 'rerun'] }) kind!: string;
}

export class UsedExchangeRateDto {
  @ApiProperty({ example: 'EUR' }) currency!: string;
  @ApiProperty({ description: 'Units of the currency for one US dollar.' }) perDollar!: number;
  @ApiProperty({ format: 'date' }) date!: string;
  @ApiProperty() source!: string;
}

export class CrossingDto {
  @ApiProperty() hours!: number;
  @ApiProperty() months!: number;
  @ApiProperty({ description: "What both cost there, in the estimate's currency." }) cost!: number;
  @ApiProperty({ enum: HIRING_MODELS }) cheaperAbove!: string;
}

export class BreakEvenDto {
  @ApiProperty({ enum: HIRING_MODELS, isArray: true, minItems: 2, maxItems: 2 }) models!: string[];
  @ApiProperty({ type: Number, nullable: true, description: 'Project hours at which both cost the same; null is never.' })
  hours!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'How long the whole team works on them.' }) months!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: "What both cost there, in the estimate's currency." })
  cost!: number | null;
  @ApiProperty({ type: String, enum: HIRING_MODELS, nullable: true, description: 'Null when both always cost the same.' })
  cheaperBelow!: string | null;
  @ApiProperty({ type: String, enum: HIRING_MODELS, nullable: true }) cheaperAbove!: string | null;
  @ApiProperty({ type: [CrossingDto], description: 'Where they cost the same again: only with a team that ramps in over time.' })
  further!: CrossingDto[];
}

export class PairDto {
  @ApiProperty({ enum: HIRING_MODELS, isArray: true, minItems: 2, maxItems: 2 }) models!: string[];
  @ApiProperty({ description: 'Share of draws in which the first one is cheaper; equal ones count half.' }) firstCheaper!: number;
  @ApiProperty({ description: 'Of that share.' }) standardError!: number;
}

export class EstimatedSimulationDto {
  @ApiProperty() draws!: number;
  @ApiProperty() seed!: number;
  @ApiProperty({ type: [PairDto] }) pairs!: PairDto[];
  @ApiProperty({ type: [String], description: 'Ids of the inputs that varied.' }) varied!: string[];
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

export class FrameworkFitDto {
  @ApiProperty({ enum: ['django', 'django_with_flask_service', 'flask', 'review'] }) fit!: string;
  @ApiProperty({ enum: BUILT_IN_GROUPS, isArray: true, description: 'Built-in groups that are needed.' }) needs!: string[];
  @ApiProperty({ enum: FLASK_FLAGS, isArray: true, description: 'What speaks for a smaller framework.' }) flags!: string[];
  @ApiProperty({ description: 'How many of the six built-in groups are needed.' }) builtInFeatures!: number;
  @ApiProperty() reason!: string;
  @ApiProperty({ description: 'What claim C9 would make of one hour with Django when the same is built with Flask.' })
  flaskHoursByClaim!: number;
}

export class AdviceDto {
  @ApiProperty({ description: 'Stable name of the rule.' }) rule!: string;
  @ApiProperty({ enum: ['fits', 'warning', 'undecided'] }) kind!: string;
  @ApiProperty({ enum: HIRING_MODELS, isArray: true }) models!: string[];
  @ApiProperty() text!: string;
  @ApiProperty() source!: string;
}

export class EstimateSummaryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: String, nullable: true }) name!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) archivedAt!: string | null;
  @ApiProperty({ example: 'USD' }) currency!: string;
  @ApiProperty({ type: UsedAssumptionSetDto, nullable: true, description: "Null for the model's defaults." })
  assumptionSet!: UsedAssumptionSetDto | null;
  @ApiProperty({ type: BasedOnDto, nullable: true, description: 'The estimate that this one was made from.' })
  basedOn!: BasedOnDto | null;
  @ApiProperty() project!: EstimatedProjectDto;
  @ApiProperty({ type: [EstimatedTotalDto] }) models!: EstimatedTotalDto[];
}

const FROM_BEFORE = 'Null for an estimate from before simulation.';

export class EstimateDto extends EstimateSummaryDto {
  @ApiProperty({ type: Number, nullable: true, description: `Of the cost model that made it. ${FROM_BEFORE}` })
  modelVersion!: number | null;
  @ApiProperty({ type: [EstimatedModelDto] }) declare models: EstimatedModelDto[];
  @ApiProperty({ type: EstimatedNeedDto, nullable: true, description: 'What was asked for; null when hours were.' })
  need!: EstimatedNeedDto | null;
  @ApiProperty({ type: EstimatedSituationDto, nullable: true, description: FROM_BEFORE })
  situation!: EstimatedSituationDto | null;
  @ApiProperty({ type: UsedExchangeRateDto, description: 'Of the currency of every amount.' }) exchangeRate!: UsedExchangeRateDto;
  @ApiProperty({ type: [BreakEvenDto], description: 'One per pair of models.' }) breakEvens!: BreakEvenDto[];
  @ApiProperty({ type: EstimatedSimulationDto, nullable: true, description: FROM_BEFORE })
  simulation!: EstimatedSimulationDto | null;
  @ApiProperty({ type: [ClaimDto], description: "Vendors' claims beside the model's own figures." }) claims!: ClaimDto[];
  @ApiProperty({ type: FrameworkFitDto, nullable: true, description: 'Null when nobody said what the project needs.' })
  framework!: FrameworkFitDto | null;
  @ApiProperty({ type: [AdviceDto], description: 'Words beside the numbers, by stated rules.' }) advice!: AdviceDto[];
  @ApiProperty({ type: [String] }) warnings!: string[];
  @ApiProperty({ type: [AssumptionDto], description: 'Every figure that was used, with its provenance.' })
  assumptions!: AssumptionDto[];
}
