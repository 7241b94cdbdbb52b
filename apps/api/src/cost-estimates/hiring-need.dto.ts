import { BUILT_IN_GROUPS, FLASK_FLAGS } from '@assay/cost-model/framework-fit';
import { HIRING_MODELS } from '@assay/cost-model/project';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

// Descriptions for clients: `@assay/cost-model` checks these fields and names what is wrong with them.

export class JoinDto {
  @ApiProperty({ description: 'Months after the first seats start; 0 for those.', minimum: 0 }) month!: number;
  @ApiProperty({ minimum: 1 }) seats!: number;
}

export class SituationDto {
  @ApiPropertyOptional({ description: 'What is to be built is settled.', default: false }) isWellDefined?: boolean;
  @ApiPropertyOptional({ description: 'It is the product that the organisation lives on.', default: false })
  isCoreProduct?: boolean;
  @ApiPropertyOptional({ description: 'The architecture stays with somebody of the organisation.', default: false })
  keepsArchitect?: boolean;
  @ApiPropertyOptional({ type: Number, nullable: true, description: 'Months within which people must have started.', minimum: 0 })
  startWithinMonths?: number | null;
}

export class FrameworkNeedDto {
  @ApiProperty({ enum: BUILT_IN_GROUPS, isArray: true, description: 'What is needed of what Django has built in.' })
  needs!: string[];
  @ApiPropertyOptional({ enum: FLASK_FLAGS, isArray: true, description: 'What speaks for a smaller framework.' })
  flags?: string[];
}

export class ScopeDto {
  @ApiPropertyOptional({ description: 'Productive hours; or give teamSize and months.' }) hours?: number;
  @ApiPropertyOptional({ description: 'Engineers that it would take, of productivity 1.' }) teamSize?: number;
  @ApiPropertyOptional({ description: 'Months that they would take.' }) months?: number;
}

export class NeededMixDto {
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 }) junior?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 }) mid?: number;
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 }) senior?: number;
}

export class HiringNeedDto {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, example: 'Senior Django developer' }) role?: string | null;
  @ApiProperty({ description: 'Those who are hired.', minimum: 1, maximum: 10_000, example: 3 }) seats!: number;
  @ApiProperty({ type: ScopeDto }) scope!: ScopeDto;
  @ApiPropertyOptional({ type: [JoinDto], nullable: true }) joins?: JoinDto[] | null;
  @ApiPropertyOptional({ type: NeededMixDto, nullable: true, description: 'Shares of the seats; they sum to 1.' })
  seniorityMix?: NeededMixDto | null;
  @ApiPropertyOptional({ type: Number, nullable: true }) hoursPerMonth?: number | null;
  @ApiPropertyOptional({ enum: HIRING_MODELS, isArray: true }) models?: string[];
  @ApiPropertyOptional({ type: SituationDto, description: 'How urgent it is stands in `startWithinMonths`.' })
  situation?: SituationDto;
  @ApiPropertyOptional({ type: FrameworkNeedDto, nullable: true }) framework?: FrameworkNeedDto | null;
}
