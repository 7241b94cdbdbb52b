import {
  deviationInterval,
  eventRateInterval,
  type Interval,
  mean,
  meanInterval,
  median,
  medianInterval,
  predictionFactor,
  standardDeviation,
} from './calibration-statistics';
import { toDecimals } from './money';
import { FEWEST_RECORDS, type OwnRecord, periodOf, suppliedSeats, workingMonths } from './own-record';
import { HIRING_MODELS } from './project';

/** An assumption as the organisation's own record has it, ready to be an override of an assumption set. */
export interface Proposal {
  readonly id: string;
  readonly override: ProposedOverride;
  readonly records: number;
  /** 95%, of the figure that the point estimate takes; null where so few records have none. */
  readonly interval: Interval | null;
  readonly method: string;
  readonly estimateIds: readonly string[];
}

/** As `overrideAssumptions` reads it. */
export interface ProposedOverride {
  readonly id: string;
  readonly reason: string;
  readonly value?: number;
  readonly low?: number;
  readonly mode?: number;
  readonly high?: number;
  readonly reading?: string;
}

/** An assumption that the record says too little about. */
export interface Withheld {
  readonly id: string;
  readonly records: number;
  readonly why: string;
  readonly estimateIds: readonly string[];
}

export interface Proposals {
  readonly proposals: readonly Proposal[];
  readonly withheld: readonly Withheld[];
}

/** With less exposure a rate of exits is noise: none in ten seat-years is still compatible with 0.37 a year. */
export const FEWEST_SEAT_YEARS = 10;

/** Records that say something about a figure, each with what it says. */
type Said = readonly { readonly record: OwnRecord; readonly value: number }[];

/** What assumptions the records can replace, and why not the others. */
export function proposeAssumptions(records: readonly OwnRecord[]): Proposals {
  const made = [
    ...MEASURED.map(({ id, what, isPoint, read }) => propose(id, what, said(records, read), isPoint ? toMedian : toRange)),
    ...(['effort.ln_mean', 'effort.ln_deviation'] as const).map((id) =>
      propose(id, 'worked hours', said(records, overrun), id === 'effort.ln_mean' ? toEffortMean : toEffortDeviation),
    ),
    ...HIRING_MODELS.map((model) =>
      proposeExits(
        `${model}.annual_exits`,
        said(
          records.filter((each) => each.model === model),
          seatYears,
        ),
      ),
    ),
  ];
  return {
    proposals: made.filter((each): each is Proposal => 'override' in each),
    withheld: made.filter((each): each is Withheld => 'why' in each),
  };
}

interface Measured {
  readonly id: string;
  readonly what: string;
  /** One value instead of a range. */
  readonly isPoint?: boolean;
  readonly read: (record: OwnRecord) => number | null;
}

/** Figures that a record holds as they are. */
const MEASURED: readonly Measured[] = [
  {
    id: 'C1',
    what: 'hourly rates of freelancers',
    read: (record) => (record.model === 'freelance' ? record.hourlyRate : null),
  },
  {
    id: 'C3',
    what: 'annual salaries in house',
    read: (record) => (record.model === 'in_house' ? record.annualSalary : null),
  },
  { id: 'partner_rate', what: "partners' hourly rates", read: partnerRate },
  {
    id: 'hybrid.architect_salary',
    what: "architects' annual salaries",
    isPoint: true,
    read: (record) => (record.model === 'hybrid' ? record.annualSalary : null),
  },
  ...HIRING_MODELS.map((model) => ({
    id: model === 'in_house' ? 'C5' : `${model}.months_to_start`,
    what: 'months to start',
    read: (record: OwnRecord) => (record.model === model ? record.monthsToStart : null),
  })),
];

/** What a partner was paid per hour, alone or in a hybrid; null for other models. */
export function partnerRate({ model, hourlyRate }: OwnRecord): number | null {
  return model === 'hybrid' || model === 'staff_augmentation' ? hourlyRate : null;
}

/** The records that a figure can be read from, with it. */
export function said(records: readonly OwnRecord[], read: (record: OwnRecord) => number | null): Said {
  return records.flatMap((record) => {
    const value = read(record);
    return value === null ? [] : [{ record, value }];
  });
}

function overrun({ workedHours, expectedHours }: OwnRecord): number | null {
  return workedHours === null || expectedHours === null || expectedHours <= 0 ? null : Math.log(workedHours / expectedHours);
}

function seatYears(record: OwnRecord): number | null {
  const months = workingMonths(record);
  const years = months === null ? 0 : (suppliedSeats(record) * months) / 12;
  return record.exits === null || !record.startsTogether || years === 0 ? null : years;
}

type Derive = (values: readonly number[]) => Omit<Proposal, 'id' | 'override' | 'records' | 'estimateIds'> & {
  readonly amounts: Omit<ProposedOverride, 'id' | 'reason'>;
  readonly told: string;
};

function propose(id: string, what: string, found: Said, derive: Derive): Proposal | Withheld {
  const records = found.map(({ record }) => record);
  const facts = { id, records: found.length, estimateIds: records.map(({ estimateId }) => estimateId) };
  if (found.length < FEWEST_RECORDS) {
    return { ...facts, why: `${found.length} recorded hires tell ${what}; at least ${FEWEST_RECORDS} are needed.` };
  }
  const { amounts, told, interval, method } = derive(found.map(({ value }) => value));
  const reason = `Own record: ${told} of ${found.length} recorded hires (${what}), ${periodOf(records)}.`;
  return { ...facts, override: { id, reason, ...amounts }, interval, method };
}

const toRange: Derive = (values) => {
  const [low, mode, high] = [shown(Math.min(...values)), shown(median(values)), shown(Math.max(...values))];
  return {
    amounts: { low, mode, high, reading: 'mode' },
    told: `lowest ${low}, median ${mode} and highest ${high}`,
    interval: medianInterval(values),
    method: 'Lowest, median and highest. Interval of the median from order statistics (Conover).',
  };
};

const toMedian: Derive = (values) => {
  const value = shown(median(values));
  return {
    amounts: { value },
    told: `median ${value}`,
    interval: medianInterval(values),
    method: 'Median. Interval from order statistics (Conover).',
  };
};

/** Six digits: enough for salaries, and no small amount becomes 0. */
function shown(value: number): number {
  return Number(value.toPrecision(6));
}

const toEffortMean: Derive = (values) => {
  const value = toDecimals(mean(values), 4);
  return {
    amounts: { value },
    told: `mean ${value} of ln(worked hours / expected hours)`,
    interval: meanInterval(values),
    method: "Mean of ln(worked hours / expected hours). Interval by Student's t.",
  };
};

const toEffortDeviation: Derive = (values) => {
  const deviation = standardDeviation(values);
  const factor = predictionFactor(values.length);
  const value = toDecimals(deviation * factor, 4);
  return {
    amounts: { value },
    told: `standard deviation ${toDecimals(deviation, 4)} of ln(worked hours / expected hours), times ${toDecimals(factor, 2)} because they are few,`,
    interval: deviationInterval(values),
    method:
      'Standard deviation (n - 1) of ln(worked hours / expected hours), times sqrt(1 + 1/n) t(0.9, n - 1) / z(0.9), so that 80% of further ' +
      'projects fall between P10 and P90 (Hahn and Meeker). Interval of the deviation without that factor, from chi-square.',
  };
};

function proposeExits(id: string, found: Said): Proposal | Withheld {
  const records = found.map(({ record }) => record);
  const exposure = found.reduce((sum, { value }) => sum + value, 0);
  const facts = { id, records: found.length, estimateIds: records.map(({ estimateId }) => estimateId) };
  const years = toDecimals(exposure, 1);
  if (found.length < FEWEST_RECORDS || exposure < FEWEST_SEAT_YEARS) {
    const needed = `at least ${FEWEST_RECORDS} hires and ${FEWEST_SEAT_YEARS} seat-years are needed`;
    return { ...facts, why: `${found.length} recorded hires tell exits, over ${years} seat-years; ${needed}.` };
  }
  const exits = records.reduce((sum, record) => sum + (record.exits ?? 0), 0);
  const reason = `Own record: ${exits} exits in ${years} seat-years of ${found.length} recorded hires, ${periodOf(records)}.`;
  return {
    ...facts,
    override: { id, reason, value: toDecimals((exits + 0.5) / exposure, 4) },
    interval: eventRateInterval(exits, exposure),
    method:
      'Exits and a half by seat-years from start to delivery (mean under the prior of Jeffreys), since none so far does not mean never. Exact ' +
      'Poisson interval (Garwood).',
  };
}
