import type { Assumption } from './assumption';
import type { ModelParameters } from './formulas';
import type { Project } from './project';
import type { Quantile } from './simulation/distributions';
import { driversOf, uncertainInputs } from './simulation/uncertain-inputs';

/** T of one hiring model as its assumption spreads it: exact, not drawn. Months from the decision to hire until people start. */
export interface StartTime {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** By when people must start; null when that is open. */
  readonly withinMonths: number | null;
  /** P(T <= withinMonths), 0..1; null when that is open. */
  readonly share: number | null;
}

/** Halvings after which the share is known to 1e-9. */
const HALVINGS = 30;
/** Quantiles are asked between 0 and 1, not at them. */
const NEVER = 1e-9;

/** How long a model takes until people start, and how likely that is in time. */
export function startTimeOf(
  { model, monthsToStart }: ModelParameters,
  project: Project,
  assumptions: readonly Assumption[],
  withinMonths: number | null,
): StartTime {
  const inputs = uncertainInputs(project, assumptions);
  const driver = driversOf(model, project, assumptions, inputs).find(({ field }) => field === 'monthsToStart');
  const input = driver && inputs.find(({ id }) => id === driver.inputId);
  const quantile: Quantile = (probability) =>
    driver && input ? driver.intercept + driver.slope * input.quantile(probability) : monthsToStart;
  const share = withinMonths === null ? null : probabilityWithin(quantile, withinMonths);
  return { p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9), withinMonths, share };
}

/** The largest probability whose quantile is within the bound. */
function probabilityWithin(quantile: Quantile, bound: number): number {
  let [low, high] = [NEVER, 1 - NEVER];
  if (quantile(high) <= bound) return 1;
  if (quantile(low) > bound) return 0;
  for (let turn = 0; turn < HALVINGS; turn += 1) {
    const middle = (low + high) / 2;
    if (quantile(middle) <= bound) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
