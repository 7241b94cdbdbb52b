import type { Advice } from './advice';
import type { Assumption } from './assumption';
import type { BreakEven } from './break-even';
import type { MonthOfCost } from './cash-flow';
import type { ClaimComparison } from './claims';
import type { ExchangeRate } from './currency';
import type { Breakdown, Intermediate } from './formulas';
import type { FrameworkFit } from './framework-fit';
import type { HiringModel, Project } from './project';
import type { Distribution, Pair } from './simulation/summary';
import type { TornadoBar } from './simulation/tornado';

/**
 * An estimate as it is stored, answered, printed and exported. Amounts are in {@link EstimateReport.currency}, to its smallest unit and
 * exact: lines sum to totals, months to lines. Assumptions keep their own units.
 */
export interface EstimateReport {
  readonly currency: string;
  readonly exchangeRate: ExchangeRate;
  readonly project: Project;
  readonly models: readonly ReportedModel[];
  readonly breakEvens: readonly BreakEven[];
  readonly simulation: ReportedSimulation;
  readonly claims: readonly ClaimComparison[];
  readonly framework: FrameworkFit | null;
  readonly advice: readonly Advice[];
  readonly warnings: readonly string[];
  /** A copy of every assumption that a number above was calculated with. */
  readonly assumptions: readonly Assumption[];
}

export interface ReportedModel {
  readonly model: HiringModel;
  /** Point estimate. */
  readonly total: number;
  readonly breakdown: ReportedBreakdown;
  /** T: months until people start. */
  readonly monthsToStart: number;
  /** D: months from the decision to hire until delivery. */
  readonly deliveryMonths: number;
  readonly intermediate: Intermediate;
  readonly cost: Distribution;
  readonly delivery: Distribution;
  /** Widest swing first. */
  readonly tornado: readonly TornadoBar[];
  /** Null when it takes too many months to be told one by one. */
  readonly cashFlow: readonly MonthOfCost[] | null;
}

/** The lines and what rounding each of them leaves of the total, at most some of the smallest unit; they sum to the total exactly. */
export interface ReportedBreakdown extends Breakdown {
  readonly rounding: number;
}

export interface ReportedSimulation {
  readonly draws: number;
  readonly seed: number;
  /** P(A cheaper than B). */
  readonly pairs: readonly Pair[];
  /** Ids of the inputs that varied. */
  readonly varied: readonly string[];
}
