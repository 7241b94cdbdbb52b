import type { HiringModel } from './project';

/** What a model was expected to cost and take, and what it really did. */
export interface Outcome {
  readonly model: HiringModel;
  readonly estimated: Foretold;
  /** In the same unit as what was foretold. */
  readonly actual: number;
}

export interface Foretold {
  readonly point: number;
  readonly p10: number;
  readonly p90: number;
}

export interface Calibration {
  readonly model: HiringModel;
  readonly outcomes: number;
  /** Mean of actual / estimated - 1: above 0, estimates were too low. */
  readonly meanError: number;
  /** Mean of the errors' sizes. */
  readonly meanAbsoluteError: number;
  /** Share of actuals from P10 to P90, which 80% should be. */
  readonly insideBand: number;
  /** 95% interval of that share by Wilson's score. */
  readonly insideBandInterval: readonly [number, number];
  /** Whether 80% lies outside the interval: the bands are too narrow or too wide, by more than chance. */
  readonly verdict: 'too_narrow' | 'too_wide' | 'not_refuted';
}

/** Share of outcomes that lie between the tenth and the ninetieth percentile when these are right. */
const FORETOLD_INSIDE = 0.8;
/** Normal quantile of 97.5%. */
const TWO_SIDED = 1.959963984540054;

/** How good past estimates were, for each model with at least one outcome. Only positive estimates can be compared with. */
export function calibrate(outcomes: readonly Outcome[]): Calibration[] {
  const models = [...new Set(outcomes.map(({ model }) => model))].sort();
  return models.map((model) => {
    const own = outcomes.filter((outcome) => outcome.model === model && outcome.estimated.point > 0);
    const errors = own.map(({ actual, estimated }) => actual / estimated.point - 1);
    const inside = own.filter(({ actual, estimated }) => actual >= estimated.p10 && actual <= estimated.p90).length;
    const interval = wilsonInterval(inside, own.length);
    return {
      model,
      outcomes: own.length,
      meanError: mean(errors),
      meanAbsoluteError: mean(errors.map(Math.abs)),
      insideBand: own.length === 0 ? 0 : inside / own.length,
      insideBandInterval: interval,
      verdict: interval[1] < FORETOLD_INSIDE ? 'too_narrow' : interval[0] > FORETOLD_INSIDE ? 'too_wide' : 'not_refuted',
    };
  });
}

/**
 * 95% interval of a proportion. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 * The whole range when nothing was seen.
 */
export function wilsonInterval(successes: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const z2 = TWO_SIDED ** 2;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (TWO_SIDED / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
