import { decimalsOf } from '@assay/cost-model/currency';
import type { InputProblem } from '@assay/cost-model/input-error';
import { toDecimals } from '@assay/cost-model/money';
import type { HiringModel } from '@assay/cost-model/project';

/** What is checked of an actual beyond the types of its fields. Days are `YYYY-MM-DD`. */
export interface ActualToCheck {
  readonly model: HiringModel;
  readonly cost: { readonly amount: number; readonly currency: string };
  readonly deliveryMonths: number;
  readonly monthsToStart?: number | null;
  readonly hourlyRate?: number | null;
  readonly annualSalary?: number | null;
  readonly startedOn?: string | null;
  readonly deliveredOn?: string | null;
}

/** Of an hour or a year's work, in dollars: as much as an assumption takes. */
const MOST_DOLLARS = 1e9;
/** Of a mean Gregorian year. */
const DAYS_PER_MONTH = 365.2425 / 12;
const DAY_MS = 86_400_000;
/** Two durations that are told in whole months may differ so much from the days. */
const TOLERATED_MONTHS = 1;
/** Where a day begins first: UTC+14. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/** What contradicts itself or cannot be, each naming its field; none when it may be recorded. */
export function problemsOfActual(actual: ActualToCheck, now: Date): InputProblem[] {
  return [...problemsOfMoney(actual), ...problemsOfDays(actual, now), ...problemsOfDurations(actual)];
}

/** What is out of all proportion once it is in dollars. */
export function problemsInDollars({ hourlyRate, annualSalary }: ActualToCheck, perDollar: number): InputProblem[] {
  return Object.entries({ hourlyRate, annualSalary })
    .filter(([, amount]) => isGiven(amount) && amount / perDollar > MOST_DOLLARS)
    .map(([path]) => ({ path, message: `must not come to more than USD ${MOST_DOLLARS}.` }));
}

function problemsOfMoney({ model, cost, hourlyRate, annualSalary }: ActualToCheck): InputProblem[] {
  const amounts = [
    ['cost.amount', cost.amount],
    ['hourlyRate', hourlyRate ?? null],
    ['annualSalary', annualSalary ?? null],
  ] as const;
  const decimals = decimalsOf(cost.currency);
  const problems = amounts
    .filter(([, amount]) => amount !== null && toDecimals(amount, decimals) !== amount)
    .map(([path]) => ({ path, message: `must have at most ${decimals} decimals in ${cost.currency}.` }));
  if (model === 'in_house' && isGiven(hourlyRate)) {
    problems.push({ path: 'hourlyRate', message: 'does not apply in house: give annualSalary.' });
  }
  if ((model === 'freelance' || model === 'staff_augmentation') && isGiven(annualSalary)) {
    problems.push({ path: 'annualSalary', message: `does not apply to ${model}: give hourlyRate.` });
  }
  return problems;
}

function problemsOfDays({ startedOn, deliveredOn }: ActualToCheck, now: Date): InputProblem[] {
  const latest = new Date(now.getTime() + EARLIEST_ZONE_MS).toISOString().slice(0, 10);
  const problems = Object.entries({ startedOn, deliveredOn })
    .filter(([, day]) => isGiven(day) && day > latest)
    .map(([path]) => ({ path, message: 'must not be in the future: only what has happened is recorded.' }));
  if (isGiven(startedOn) && isGiven(deliveredOn) && deliveredOn < startedOn) {
    problems.push({ path: 'deliveredOn', message: `must not be before startedOn, ${startedOn}.` });
  }
  return problems;
}

function problemsOfDurations({ deliveryMonths, monthsToStart, startedOn, deliveredOn }: ActualToCheck): InputProblem[] {
  if (isGiven(monthsToStart) && monthsToStart > deliveryMonths) {
    return [{ path: 'monthsToStart', message: 'must not be above deliveryMonths: both count from the decision to hire.' }];
  }
  if (!isGiven(startedOn) || !isGiven(deliveredOn) || deliveredOn < startedOn) return [];
  const worked = (Date.parse(deliveredOn) - Date.parse(startedOn)) / DAY_MS / DAYS_PER_MONTH;
  const fromDays = (monthsToStart ?? 0) + worked;
  const isOff = isGiven(monthsToStart)
    ? Math.abs(deliveryMonths - fromDays) > TOLERATED_MONTHS
    : deliveryMonths < fromDays - TOLERATED_MONTHS;
  if (!isOff) return [];
  const shown = toDecimals(fromDays, 1);
  const message = isGiven(monthsToStart)
    ? `must be monthsToStart and the time from startedOn to deliveredOn, which are ${shown} months.`
    : `must not be less than the time from startedOn to deliveredOn, which is ${shown} months.`;
  return [{ path: 'deliveryMonths', message }];
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
