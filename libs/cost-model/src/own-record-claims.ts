import { type Assumption, isRange, pointOf } from './assumption';
import { differenceInterval, type Interval, mean, median, medianInterval } from './calibration-statistics';
import { FEWEST_RECORDS, type OwnRecord, workingMonths } from './own-record';
import { partnerRate, said } from './own-record-proposals';
import type { HiringModel } from './project';

/** A published claim beside what the organisation's own record says about the same thing. */
export interface ClaimAgainstRecord {
  readonly id: string;
  readonly claim: string;
  readonly claimed: number;
  /** Low and high of a claim that is a range. */
  readonly claimedRange: Interval | null;
  readonly unit: string;
  readonly evidence: string;
  readonly source: string;
  /** Empty where nothing that is recorded speaks to the claim. */
  readonly ownFigures: readonly OwnFigure[];
}

export interface OwnFigure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** 95%; null where so few records have none. */
  readonly interval: Interval | null;
  readonly records: number;
  /** Records of what it is compared with; null when it is no comparison. */
  readonly baselineRecords: number | null;
  /** Fewer than {@link FEWEST_RECORDS} on a side: shown, not to be relied on. */
  readonly tooEarly: boolean;
  readonly estimateIds: readonly string[];
}

type Read = (record: OwnRecord) => number | null;

/** Of a mean Gregorian year. */
const DAYS_PER_MONTH = 365.2425 / 12;

/** Sets what was recorded beside the claims C1 to C11. Hires were chosen, not drawn: a comparison of models shows no cause. */
export function claimsAgainstRecord(records: readonly OwnRecord[], defaults: readonly Assumption[]): ClaimAgainstRecord[] {
  return defaults
    .filter(({ id }) => /^C\d+$/.test(id))
    .map((assumption) => ({
      id: assumption.id,
      claim: assumption.claim,
      claimed: pointOf(assumption),
      claimedRange: isRange(assumption) ? [assumption.low, assumption.high] : null,
      unit: assumption.unit,
      evidence: assumption.evidence,
      source: assumption.source,
      ownFigures: OWN_FIGURES[assumption.id]?.(records) ?? [],
    }));
}

const OWN_FIGURES: Readonly<Record<string, (records: readonly OwnRecord[]) => OwnFigure[]>> = {
  C1: (records) =>
    typical(
      records,
      'what freelancers were paid, median',
      'USD per hour',
      of('freelance', ({ hourlyRate }) => hourlyRate),
    ),
  C2: (records) => typical(records, 'months that freelancers worked, median', 'months', of('freelance', workingMonths)),
  C3: (records) =>
    typical(
      records,
      'salaries in house, median',
      'USD per year',
      of('in_house', ({ annualSalary }) => annualSalary),
    ),
  C4: (records) => [
    ...saving(
      records,
      'hybrid delivered sooner than in-house, per planned hour and seat',
      of('hybrid', perPlannedHour('deliveryMonths')),
      of('in_house', perPlannedHour('deliveryMonths')),
    ),
    ...saving(
      records,
      'hybrid worked a shorter time than in-house, per planned hour and seat',
      of('hybrid', perPlannedHour('workingMonths')),
      of('in_house', perPlannedHour('workingMonths')),
    ),
  ],
  C5: (records) =>
    typical(
      records,
      'months to start in house, median',
      'months to start',
      of('in_house', ({ monthsToStart }) => monthsToStart),
    ),
  C6: (records) => typical(records, 'months until augmented engineers started, median', 'months to start', augmentedStart),
  C7: (records) => [
    ...saving(
      records,
      'partner below in-house, hourly rate against loaded salary per hour worked',
      partnerRate,
      of('in_house', ({ annualSalary, hourlyLoad }) => (annualSalary === null ? null : annualSalary * hourlyLoad)),
    ),
    ...saving(
      records,
      'partner below in-house, total cost per planned hour',
      of('staff_augmentation', costPerPlannedHour),
      of('in_house', costPerPlannedHour),
    ),
  ],
  C8: (records) =>
    typical(records, 'days until augmented engineers started, median (introductions are not recorded)', 'days', (record) => {
      const months = augmentedStart(record);
      return months === null ? null : months * DAYS_PER_MONTH;
    }),
};

function of(model: HiringModel, read: Read): Read {
  return (record) => (record.model === model ? read(record) : null);
}

function augmentedStart({ model, monthsToStart }: OwnRecord): number | null {
  return model === 'hybrid' || model === 'staff_augmentation' ? monthsToStart : null;
}

function costPerPlannedHour({ cost, hours }: OwnRecord): number {
  return cost / hours;
}

/** Seat-months per planned hour, so that projects of other sizes and teams compare; of teams that start together only. */
function perPlannedHour(which: 'deliveryMonths' | 'workingMonths'): Read {
  return (record) => {
    const months = which === 'deliveryMonths' ? record.deliveryMonths : workingMonths(record);
    return months === null || !record.startsTogether ? null : (months * record.seats) / record.hours;
  };
}

function typical(records: readonly OwnRecord[], figure: string, unit: string, read: Read): OwnFigure[] {
  const found = said(records, read);
  if (found.length === 0) return [];
  const values = found.map(({ value }) => value);
  return [
    {
      ...{ figure, value: median(values), unit, interval: medianInterval(values) },
      ...{ records: found.length, baselineRecords: null, tooEarly: found.length < FEWEST_RECORDS },
      estimateIds: found.map(({ record }) => record.estimateId),
    },
  ];
}

/**
 * By what share ours lies below the baseline: 1 - the ratio of the geometric means, which is the same whichever side is the larger. Its
 * interval is Welch's for the difference of the logarithms.
 */
function saving(records: readonly OwnRecord[], figure: string, ours: Read, baseline: Read): OwnFigure[] {
  const [found, against] = [said(records, ours), said(records, baseline)];
  if (found.length === 0 || against.length === 0) return [];
  const [a, b] = [found, against].map((side) => side.map(({ value }) => Math.log(value))) as [number[], number[]];
  const difference = differenceInterval(a, b);
  return [
    {
      ...{ figure, value: 1 - Math.exp(mean(a) - mean(b)), unit: 'share' },
      interval: difference && [1 - Math.exp(difference[1]), 1 - Math.exp(difference[0])],
      records: found.length,
      baselineRecords: against.length,
      tooEarly: Math.min(found.length, against.length) < FEWEST_RECORDS,
      estimateIds: [...found, ...against].map(({ record }) => record.estimateId),
    },
  ];
}
