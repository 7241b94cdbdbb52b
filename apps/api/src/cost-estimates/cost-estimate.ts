import type { Assumption } from '@assay/cost-model/assumption';
import type { BreakEven } from '@assay/cost-model/break-even';
import type { ClaimComparison } from '@assay/cost-model/claims';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { EstimateReport, ReportedBreakdown } from '@assay/cost-model/estimate-report';
import type { HiringModel, Project } from '@assay/cost-model/project';
import type { BasedOnKind } from './cost-estimate.entity';

/** A version of an organisation's assumptions, with the name that the set had then. */
export interface UsedAssumptionSet {
  readonly id: string;
  readonly version: number;
  readonly name: string;
}

export interface BasedOn {
  readonly id: string;
  readonly kind: BasedOnKind;
}

/** Percentiles of what a simulation drew. */
export interface Band {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

export interface EstimatedTotal {
  readonly model: HiringModel;
  /** To the smallest unit of the currency. */
  readonly total: number;
  readonly currency: string;
  readonly deliveryMonths: number;
  /** Null for an estimate that was never simulated. */
  readonly costBand: Band | null;
  /** Months, four places; null for an estimate that was never simulated. */
  readonly deliveryBand: Band | null;
}

export interface EstimatedModel extends EstimatedTotal {
  /** Its lines sum to the total exactly. */
  readonly breakdown: ReportedBreakdown;
}

export interface CostEstimateSummary {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
  readonly project: Project;
  readonly currency: string;
  readonly assumptionSet: UsedAssumptionSet | null;
  readonly basedOn: BasedOn | null;
  /** In the order of `HIRING_MODELS`. */
  readonly models: readonly EstimatedModel[];
}

/** An estimate as it was made. Those from before estimates were simulated have neither input nor report, and keep what they had. */
export interface CostEstimate extends CostEstimateSummary {
  readonly input: EstimateInput | null;
  readonly report: EstimateReport | null;
  readonly breakEvens: readonly BreakEven[];
  readonly claims: readonly ClaimComparison[];
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
}
