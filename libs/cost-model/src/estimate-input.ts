import type { Situation } from './advice';
import type { Assumption } from './assumption';
import type { ExchangeRate } from './currency';
import type { FrameworkNeed } from './framework-fit';
import type { HiringNeed } from './hiring-need';
import type { Project } from './project';

/** Everything that an estimate follows from; the same input gives the same {@link EstimateReport} to the last digit. Plain data. */
export interface EstimateInput {
  /** What the hiring manager asked for; null when the project's hours were given as such. */
  readonly need: HiringNeed | null;
  readonly project: Project;
  readonly situation: Situation;
  /** What the project needs of a framework; null when nobody said. */
  readonly frameworkNeed: FrameworkNeed | null;
  /** All of the model, used or not, so that the estimate can be calculated again with another project. */
  readonly assumptions: readonly Assumption[];
  /** Of the currency that the estimate is told in. */
  readonly exchangeRate: ExchangeRate;
  readonly simulation: { readonly draws: number; readonly seed: number };
}
