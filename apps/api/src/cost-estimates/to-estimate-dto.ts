import type { BreakEven } from '@assay/cost-model/break-even';
import type { ClaimComparison } from '@assay/cost-model/claims';
import { DOLLAR } from '@assay/cost-model/currency';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import type { Project } from '@assay/cost-model/project';
import { toAssumptionDto } from '../assumption-sets/assumption.dto';
import type { CostEstimate, CostEstimateSummary, EstimatedTotal } from './cost-estimate';
import type { BreakEvenDto, ClaimDto, EstimateDto, EstimatedProjectDto, EstimateSummaryDto } from './cost-estimates.dto';
import type { EstimatedTotalDto } from './estimated-model.dto';
import { toModelDto } from './to-model-dto';

// Field by field: nothing is answered that is not described, and always in one order.

export function toEstimateSummaryDto(estimate: CostEstimateSummary): EstimateSummaryDto {
  const { id, name, createdAt, archivedAt, currency, assumptionSet, basedOn, project, models } = estimate;
  return {
    ...{ id, name, createdAt: createdAt.toISOString(), archivedAt: archivedAt?.toISOString() ?? null, currency },
    assumptionSet: assumptionSet && { id: assumptionSet.id, version: assumptionSet.version, name: assumptionSet.name },
    basedOn: basedOn && { id: basedOn.id, kind: basedOn.kind },
    project: toProjectDto(project),
    models: models.map(toTotalDto),
  };
}

export function toEstimateDto(estimate: CostEstimate): EstimateDto {
  const { report, models, breakEvens, claims, warnings, assumptions } = estimate;
  return {
    ...toEstimateSummaryDto(estimate),
    modelVersion: report?.modelVersion ?? null,
    models: models.map((model) => ({
      ...toTotalDto(model),
      ...toModelDto(model, report?.models.find((reported) => reported.model === model.model) ?? null),
    })),
    ...toQuestionDto(report),
    breakEvens: breakEvens.map(toBreakEvenDto),
    simulation: report && toSimulationDto(report.simulation),
    claims: claims.map(toClaimDto),
    framework: report?.framework ? toFrameworkDto(report.framework) : null,
    advice: (report?.advice ?? []).map(({ rule, kind, models, text, source }) => ({
      rule,
      kind,
      models: [...models],
      text,
      source,
    })),
    warnings: [...warnings],
    assumptions: assumptions.map(toAssumptionDto),
  };
}

function toProjectDto(project: Project): EstimatedProjectDto {
  const { hours, seats, joins, hoursPerMonth, seniorityMix, framework, builtInFeatures, models } = project;
  return {
    ...{ hours, seats },
    // Projects stored before teams could ramp in have none.
    joins: joins?.map(({ month, seats }) => ({ month, seats })) ?? null,
    hoursPerMonth,
    seniorityMix: seniorityMix && { junior: seniorityMix.junior, mid: seniorityMix.mid, senior: seniorityMix.senior },
    ...{ framework, builtInFeatures, models: [...models] },
  };
}

function toTotalDto({ model, total, currency, deliveryMonths, costBand, deliveryBand }: EstimatedTotal): EstimatedTotalDto {
  return { model, total, currency, deliveryMonths, costBand, deliveryBand };
}

function toQuestionDto(report: EstimateReport | null): Pick<EstimateDto, 'need' | 'situation' | 'exchangeRate'> {
  const { need = null, situation = null, exchangeRate = DOLLAR } = report ?? {};
  const { currency, perDollar, date, source } = exchangeRate;
  return {
    need: need && { role: need.role, seats: need.seats, scope: toScopeDto(need.scope) },
    situation: situation && {
      isWellDefined: situation.isWellDefined,
      isCoreProduct: situation.isCoreProduct,
      keepsArchitect: situation.keepsArchitect,
      startWithinMonths: situation.startWithinMonths,
    },
    exchangeRate: { currency, perDollar, date, source },
  };
}

function toScopeDto(scope: NonNullable<EstimateReport['need']>['scope']): { hours?: number; teamSize?: number; months?: number } {
  return 'hours' in scope ? { hours: scope.hours } : { teamSize: scope.teamSize, months: scope.months };
}

/** Those stored before a crossing told its cost have none. */
function toBreakEvenDto(breakEven: Partial<BreakEven> & Omit<BreakEven, 'cost' | 'further'>): BreakEvenDto {
  const { models, hours, months, cost = null, cheaperBelow, cheaperAbove, further = [] } = breakEven;
  return {
    ...{ models: [...models], hours, months, cost, cheaperBelow, cheaperAbove },
    further: further.map((crossing) => ({
      ...{ hours: crossing.hours, months: crossing.months, cost: crossing.cost, cheaperAbove: crossing.cheaperAbove },
    })),
  };
}

function toSimulationDto({ draws, seed, pairs, varied }: EstimateReport['simulation']): EstimateDto['simulation'] {
  return {
    ...{ draws, seed },
    pairs: pairs.map(({ models, firstCheaper, standardError }) => ({ models: [...models], firstCheaper, standardError })),
    varied: [...varied],
  };
}

function toClaimDto({ id, claim, claimed, unit, reading, evidence, source, enabled, implied }: ClaimComparison): ClaimDto {
  return {
    ...{ id, claim, claimed, unit, reading, evidence, source, enabled },
    implied: implied.map(({ figure, value }) => ({ figure, value })),
  };
}

function toFrameworkDto(framework: NonNullable<EstimateReport['framework']>): EstimateDto['framework'] {
  const { fit, needs, flags, builtInFeatures, reason, flaskHoursByClaim } = framework;
  return { fit, needs: [...needs], flags: [...flags], builtInFeatures, reason, flaskHoursByClaim };
}
