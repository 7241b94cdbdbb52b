import { pointOf } from '@assay/cost-model/assumption';
import type { ForetoldDistribution } from '@assay/cost-model/calibration-position';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import type { HiringModel } from '@assay/cost-model/project';
import type { Distribution } from '@assay/cost-model/simulation/summary';
import type { CostEstimate } from '../cost-estimates/cost-estimate';

/** What an estimate said of the model that was then taken, copied beside what it really cost and took. */
export interface Foretold {
  /** The estimate that this one comes from in the end, by scenarios and re-runs; its own id when it was made from none. */
  readonly rootId: string;
  /** Day on which the estimate was made (UTC), `YYYY-MM-DD`. */
  readonly madeOn: string;
  /** The version of an assumption set that it was made with; null for the model's defaults. */
  readonly assumptionSet: { readonly id: string; readonly version: number } | null;
  readonly currency: string;
  /** Units of the currency for one US dollar, as the estimate was told with. */
  readonly perDollar: number;
  /** N */
  readonly seats: number;
  readonly startsTogether: boolean;
  /** H */
  readonly hours: number;
  /** W; null for an estimate that was made before it was kept. */
  readonly expectedHours: number | null;
  /** What a dollar of annual salary costs per hour worked, by the estimate's assumptions. */
  readonly hourlyLoad: number;
  /** In the estimate's currency. */
  readonly cost: ForetoldFigure;
  /** Months. */
  readonly delivery: ForetoldFigure;
}

export interface ForetoldFigure {
  /** Point estimate. */
  readonly estimated: number;
  /** Null for an estimate that was made without a simulation. */
  readonly distribution: ForetoldDistribution | null;
}

/** Null when the estimate is not of this model. */
export function foretoldOf(estimate: CostEstimate, rootId: string, model: HiringModel): Foretold | null {
  const estimated = estimate.models.find((each) => each.model === model);
  if (!estimated) return null;
  const reported = estimate.report?.models.find((each) => each.model === model);
  const { project, currency, assumptionSet } = estimate;
  return {
    rootId,
    madeOn: estimate.createdAt.toISOString().slice(0, 10),
    assumptionSet: assumptionSet && { id: assumptionSet.id, version: assumptionSet.version },
    currency,
    perDollar: estimate.report?.exchangeRate.perDollar ?? 1,
    seats: project.seats,
    // Estimates from before teams could ramp in do not say.
    startsTogether: !project.joins,
    hours: project.hours,
    expectedHours: reported?.intermediate.W ?? null,
    hourlyLoad: pointIn(estimate, 'employer_load') / pointIn(estimate, 'worked_hours_per_year'),
    cost: { estimated: estimated.total, distribution: reported ? kept(reported.cost) : null },
    delivery: { estimated: estimated.deliveryMonths, distribution: reported ? kept(reported.delivery) : null },
  };
}

function kept({ p10, p50, p90, histogram }: Distribution): ForetoldDistribution {
  return { p10: p10.value, p50: p50.value, p90: p90.value, histogram };
}

function pointIn({ assumptions }: CostEstimate, id: string): number {
  const found = [...assumptions, ...DEFAULT_ASSUMPTIONS].find((assumption) => assumption.id === id);
  return found ? pointOf(found) : Number.NaN;
}
