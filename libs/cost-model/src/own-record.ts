import type { HiringModel } from './project';

/** What one hire with the model that was chosen really cost and took, beside what was planned. Money in USD. */
export interface OwnRecord {
  readonly estimateId: string;
  readonly model: HiringModel;
  /** N as planned. */
  readonly seats: number;
  /** Whether all of them were planned to start together. */
  readonly startsTogether: boolean;
  /** H as planned. */
  readonly hours: number;
  /** W of the estimate: the hours that people were expected to work, rework and ramp included; null when it was not kept. */
  readonly expectedHours: number | null;
  /** What a dollar of annual salary costs per hour worked, g / hours worked in a year, by the estimate's own assumptions. */
  readonly hourlyLoad: number;
  /** Above 0, as is `deliveryMonths`. */
  readonly cost: number;
  /** From the decision to hire until delivery. */
  readonly deliveryMonths: number;
  readonly monthsToStart: number | null;
  /** Above 0, as are the rate and the salary. */
  readonly workedHours: number | null;
  /** Paid to the freelancer or the partner. */
  readonly hourlyRate: number | null;
  /** Of an engineer in house, or of the hybrid's architect. */
  readonly annualSalary: number | null;
  /** People who left before delivery. */
  readonly exits: number | null;
  /** Day of the delivery or, when nobody told it, of the record, `YYYY-MM-DD`. */
  readonly day: string;
  readonly isDayOfDelivery: boolean;
}

/**
 * With fewer records nothing is proposed: five is the first number whose range holds the true median with more than 90% (1 - 2 / 2^5 =
 * 94%), and with fewer the deviation of the effort is not known to a factor of five.
 */
export const FEWEST_RECORDS = 5;

/** Seats that are supplied from outside or hired: the hybrid's architect is there already. */
export function suppliedSeats({ model, seats }: OwnRecord): number {
  return model === 'hybrid' ? seats - 1 : seats;
}

/** Months from start to delivery, null when the start is not known. */
export function workingMonths({ deliveryMonths, monthsToStart }: OwnRecord): number | null {
  return monthsToStart === null || monthsToStart >= deliveryMonths ? null : deliveryMonths - monthsToStart;
}

/** When the records are from, for example `delivered 2026-01 to 2026-11`. At least one record. */
export function periodOf(records: readonly OwnRecord[]): string {
  const months = records.map(({ day }) => day.slice(0, 7)).sort();
  const [first, last] = [months[0], months[months.length - 1]];
  const verb = records.every(({ isDayOfDelivery }) => isDayOfDelivery) ? 'delivered' : 'delivered or recorded';
  return first === last ? `${verb} in ${first}` : `${verb} ${first} to ${last}`;
}
