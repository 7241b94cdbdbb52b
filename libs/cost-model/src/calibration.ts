import { type ForetoldDistribution, positionOf, tenthsOf } from './calibration-position';
import { binomialAtLeast, type Interval, mean, meanInterval, median, wilsonInterval } from './calibration-statistics';
import { HIRING_MODELS, type HiringModel } from './project';

/** What a project was expected to cost or take with the model that was chosen, and what it really did. */
export interface Outcome {
  readonly estimateId: string;
  readonly model: HiringModel;
  /** Point estimate, above 0. */
  readonly estimated: number;
  /** Null for an estimate that was made without a simulation: it counts for errors, not for bands. */
  readonly distribution: ForetoldDistribution | null;
  /** In the same unit as what was foretold. */
  readonly actual: number;
}

/** How good past estimates of one figure were. Errors are actual / estimated - 1: above 0, the estimate was too low. */
export interface Calibration {
  /** Null: all models together. */
  readonly model: HiringModel | null;
  readonly outcomes: number;
  readonly estimateIds: readonly string[];
  /** Bias, with its 95% interval by Student's t; null below two outcomes. */
  readonly meanError: number;
  readonly meanErrorInterval: Interval | null;
  readonly meanAbsoluteError: number;
  readonly medianAbsoluteError: number;
  readonly bands: BandCalibration;
}

/** Where actuals fell in the distributions that were foretold. */
export interface BandCalibration {
  readonly outcomes: number;
  readonly estimateIds: readonly string[];
  /** From P10 to P90, both included: 80% when the bands are right. */
  readonly inside: CountedShare;
  /** Below P10 and above P90: 10% each when the bands are right. */
  readonly below: CountedShare;
  readonly above: CountedShare;
  /** Above the median: 50% when the middle of the bands is right. Differs from the mean error, whose point estimate knows no overrun. */
  readonly aboveMedian: CountedShare;
  /** Outcomes in each tenth of the foretold distribution. */
  readonly tenths: readonly number[];
  readonly verdict: BandVerdict;
  readonly tails: TailVerdict;
}

export interface CountedShare {
  readonly count: number;
  /** Null when there is nothing to count. */
  readonly share: number | null;
  /** 95%, by Wilson's score. */
  readonly interval: Interval;
}

/** Whether 80% lies outside the interval of the share inside: bands too narrow or too wide by more than chance. */
export type BandVerdict = 'too_early' | 'too_narrow' | 'too_wide' | 'not_refuted';

/** Whether more fell beyond one end than chance explains, and not beyond the other. */
export type TailVerdict = 'too_early' | 'estimates_too_low' | 'estimates_too_high' | 'both_tails' | 'not_refuted';

/**
 * With fewer outcomes bands are not judged. Of ten outcomes two should lie outside; right bands would then be called too narrow in
 * 3.3% of the cases. Too wide cannot be said of fewer than 16, because 16 of 16 inside is the first that leaves out 80%.
 */
export const FEWEST_OUTCOMES_FOR_BANDS = 10;

/** Share of outcomes that lie between the tenth and the ninetieth percentile when these are right. */
const FORETOLD_INSIDE = 0.8;
const FORETOLD_TAIL = 0.1;
/** So rare must a tail be, were it right, to be called wrong; for both tails together 5%. */
const SURPRISE = 0.025;

/** All outcomes together when there are any, then each model that has some, in the order of `HIRING_MODELS`. */
export function calibrate(outcomes: readonly Outcome[]): Calibration[] {
  const comparable = outcomes.filter(({ estimated }) => estimated > 0);
  return [null, ...HIRING_MODELS].flatMap((model) => {
    const own = comparable.filter((outcome) => model === null || outcome.model === model);
    return own.length === 0 ? [] : [calibrateOne(model, own)];
  });
}

function calibrateOne(model: HiringModel | null, outcomes: readonly Outcome[]): Calibration {
  const errors = outcomes.map(({ actual, estimated }) => actual / estimated - 1);
  const sizes = errors.map(Math.abs);
  return {
    model,
    outcomes: outcomes.length,
    estimateIds: outcomes.map(({ estimateId }) => estimateId),
    meanError: mean(errors),
    meanErrorInterval: meanInterval(errors),
    meanAbsoluteError: mean(sizes),
    medianAbsoluteError: median(sizes),
    bands: calibrateBands(outcomes),
  };
}

function calibrateBands(outcomes: readonly Outcome[]): BandCalibration {
  const foretold = outcomes.flatMap(({ estimateId, actual, distribution }) =>
    distribution === null ? [] : [{ estimateId, actual, distribution }],
  );
  const below = foretold.filter(({ actual, distribution }) => actual < distribution.p10).length;
  const above = foretold.filter(({ actual, distribution }) => actual > distribution.p90).length;
  const aboveMedian = foretold.filter(({ actual, distribution }) => actual > distribution.p50).length;
  const inside = counted(foretold.length - below - above, foretold.length);
  return {
    outcomes: foretold.length,
    estimateIds: foretold.map(({ estimateId }) => estimateId),
    inside,
    below: counted(below, foretold.length),
    above: counted(above, foretold.length),
    aboveMedian: counted(aboveMedian, foretold.length),
    tenths: tenthsOf(foretold.map(({ actual, distribution }) => positionOf(actual, distribution))),
    verdict: bandVerdict(inside, foretold.length),
    tails: tailVerdict(below, above, foretold.length),
  };
}

function counted(count: number, of: number): CountedShare {
  return { count, share: of === 0 ? null : count / of, interval: wilsonInterval(count, of) };
}

function bandVerdict({ interval: [low, high] }: CountedShare, outcomes: number): BandVerdict {
  if (outcomes < FEWEST_OUTCOMES_FOR_BANDS) return 'too_early';
  if (high < FORETOLD_INSIDE) return 'too_narrow';
  return low > FORETOLD_INSIDE ? 'too_wide' : 'not_refuted';
}

/** Exact binomial probabilities of as many or more beyond one end. */
function tailVerdict(below: number, above: number, outcomes: number): TailVerdict {
  if (outcomes < FEWEST_OUTCOMES_FOR_BANDS) return 'too_early';
  const isLow = binomialAtLeast(above, outcomes, FORETOLD_TAIL) <= SURPRISE;
  const isHigh = binomialAtLeast(below, outcomes, FORETOLD_TAIL) <= SURPRISE;
  if (isLow && isHigh) return 'both_tails';
  if (isLow) return 'estimates_too_low';
  return isHigh ? 'estimates_too_high' : 'not_refuted';
}
