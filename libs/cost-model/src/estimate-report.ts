import type { Advice, Situation } from './advice';
import type { Assumption } from './assumption';
import type { BreakEven } from './break-even';
import type { MonthOfCost } from './cash-flow';
import type { ClaimComparison } from './claims';
import type { ExchangeRate } from './currency';
import type { Intermediate } from './formulas';
import type { FrameworkFit } from './framework-fit';
import type { HiringNeed } from './hiring-need';
import type { HiringModel, Project } from './project';
import type { ReportedBreakdown } from './reported-breakdown';
import type { Distribution, Pair } from './simulation/summary';
import type { TornadoBar } from './simulation/tornado';
import type { StartTime } from './start-time';

export type { ReportedBreakdown } from './reported-breakdown';

/**
 * An estimate as it is stored, answered, printed and exported. Amounts are in {@link EstimateReport.currency}, to its smallest unit and
 * exact: lines sum to totals, months to lines. Assumptions and intermediate figures keep their own units, in which money is USD.
 */
export interface EstimateReport {
  /** Of the model that made it, see `model-version.ts`. */
  readonly modelVersion: number;
  readonly currency: string;
  readonly exchangeRate: ExchangeRate;
  /** What was asked for; null when the project's hours were given as such. */
  readonly need: HiringNeed | null;
  readonly situation: Situation;
  readonly project: Project;
  readonly models: readonly ReportedModel[];
  /** One per pair of the models, with what both cost at the crossing. */
  readonly breakEvens: readonly BreakEven[];
  readonly simulation: ReportedSimulation;
  readonly claims: readonly ClaimComparison[];
  readonly framework: FrameworkFit | null;
  readonly advice: readonly Advice[];
  readonly warnings: readonly string[];
  /** A copy of every assumption that a number above was calculated with, in the order of the input. */
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
  readonly start: StartTime;
  readonly intermediate: Intermediate;
  readonly cost: Distribution;
  /** Share of draws that cost more than {@link ReportedModel.total}, 0..1. */
  readonly abovePoint: number;
  readonly delivery: Distribution;
  /** Widest swing first. */
  readonly tornado: readonly TornadoBar[];
  /** Null when it takes too many months to be told one by one. */
  readonly cashFlow: readonly MonthOfCost[] | null;
}

export interface ReportedSimulation {
  readonly draws: number;
  readonly seed: number;
  /** P(A cheaper than B). */
  readonly pairs: readonly Pair[];
  /** Ids of the inputs that varied. */
  readonly varied: readonly string[];
}
