import { type BandCalibration, type Calibration, FEWEST_OUTCOMES_FOR_BANDS } from './calibration';
import type { Interval } from './calibration-statistics';
import { nameAtStart } from './model-names';
import { formatShare } from './money';

/** A calibration in sentences for people who read no statistics, every number of it among the figures. */
export function describeCalibration(calibration: Calibration, figure: 'cost' | 'delivery'): string {
  const { model, outcomes } = calibration;
  const whose = model === null ? 'All models together' : nameAtStart(model);
  return `${whose}, ${figure}, ${counted(outcomes, 'outcome')}. ${errorSentence(calibration)} ${bandSentences(calibration.bands)}`;
}

function errorSentence({ meanError, meanErrorInterval, medianAbsoluteError }: Calibration): string {
  const interval = meanErrorInterval === null ? '' : ` (95% interval ${signedRange(meanErrorInterval)})`;
  const side = meanError >= 0 ? 'more' : 'less';
  return `Actuals were ${formatShare(Math.abs(meanError))} ${side} than estimated on average${interval}; half of the estimates missed by ${formatShare(medianAbsoluteError)} or more.`;
}

function bandSentences({ outcomes, inside, below, above, verdict, tails }: BandCalibration): string {
  if (outcomes === 0) return 'None of the estimates had been simulated, so there are no bands to judge.';
  const where = `${inside.count} of ${outcomes} lay from P10 to P90 (80% should), ${below.count} below and ${above.count} above (10% each should).`;
  if (verdict === 'too_early') {
    return `${where} It is too early to judge the bands: ${FEWEST_OUTCOMES_FOR_BANDS} outcomes are needed.`;
  }
  const [low, high] = inside.interval;
  const range = `the 95% interval of that share, ${formatShare(low)} to ${formatShare(high)},`;
  const judged = {
    too_narrow: `The bands are too narrow: ${range} lies below 80%.`,
    too_wide: `The bands are too wide: ${range} lies above 80%.`,
    not_refuted: `The outcomes do not refute the bands: ${range} holds 80%.`,
  }[verdict];
  const tailed = {
    too_early: '',
    not_refuted: '',
    estimates_too_low: ' More lay above P90 than chance explains: the estimates are too low.',
    estimates_too_high: ' More lay below P10 than chance explains: the estimates are too high.',
    both_tails: ' More lay beyond both ends than chance explains.',
  }[tails];
  return `${where} ${judged}${tailed}`;
}

function signedRange([low, high]: Interval): string {
  const signed = (share: number): string => `${share < 0 ? '-' : '+'}${formatShare(Math.abs(share))}`;
  return `${signed(low)} to ${signed(high)}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
