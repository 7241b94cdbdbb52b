import { type Assumption, isRange, pointOf } from '../assumption';
import type { ExchangeRate } from '../currency';
import { DEFAULT_ASSUMPTIONS } from '../default-assumptions';
import type { Join } from '../project';
import { fieldName, fieldOf, type InputChange, PROJECT, type Side } from './changed-inputs';

/** A changed input as a person reads it. */
export interface InWords {
  /** What the input is. */
  readonly claim: string;
  /** Its value with its unit, for example `high of 45 / 70 / 95 USD per hour`. */
  readonly before: string;
  readonly after: string;
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const NOT_GIVEN = 'not given';
const CLAIMS: ReadonlyMap<string, string> = new Map(DEFAULT_ASSUMPTIONS.map(({ id, claim }) => [id, claim]));

const PROJECT_CLAIMS: ReadonlyMap<string, { readonly claim: string; readonly unit: string }> = new Map([
  ['hours', { claim: 'Productive engineer-hours of the project', unit: 'hours' }],
  ['seats', { claim: 'Engineers who work on it', unit: 'seats' }],
  ['joins', { claim: 'When they join', unit: '' }],
  ['hoursPerMonth', { claim: 'Productive hours per engineer-month, given with the project', unit: 'hours per month' }],
  ['seniorityMix', { claim: 'Seniority mix', unit: '' }],
  ['framework', { claim: 'Framework', unit: '' }],
  ['builtInFeatures', { claim: "Django's built-in groups that the project needs", unit: 'of 6' }],
]);

/** The words of a change; of inputs that changed together, those of all of them. */
export function changeInWords({ together }: InputChange, before: Side, after: Side): InWords {
  const all = together.map((id) =>
    id.startsWith(PROJECT) ? fieldInWords(id, before, after) : assumptionInWords(id, before, after),
  );
  const joined = (part: keyof InWords): string => all.map((words) => words[part]).join('; ');
  return { claim: joined('claim'), before: joined('before'), after: joined('after') };
}

/** The words of an exchange rate's change. */
export function rateInWords(before: ExchangeRate, after: ExchangeRate): InWords {
  const value = ({ perDollar, currency, date, source }: ExchangeRate): string =>
    `${NUMBER.format(perDollar)} ${currency} per USD (${date}, ${source})`;
  return { claim: `Exchange rate of ${after.currency}`, before: value(before), after: value(after) };
}

/** A value with its unit. */
export function valueInWords(value: unknown, unit: string): string {
  if (value === null || value === undefined) return NOT_GIVEN;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return unit === '' ? NUMBER.format(value) : `${NUMBER.format(value)} ${unit}`;
  if (Array.isArray(value)) return value.map((part: unknown) => valueInWords(part, unit)).join(', ') || 'none';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `${name} ${valueInWords(part, '')}`)
    .join(', ');
}

function fieldInWords(id: string, before: Side, after: Side): InWords {
  const field = fieldName(id);
  const { claim, unit } = PROJECT_CLAIMS.get(field) ?? { claim: id, unit: '' };
  const value = (side: Side): string => projectValue(side, field, unit);
  return { claim, before: value(before), after: value(after) };
}

function projectValue({ project, assumption }: Side, field: string, unit: string): string {
  if (field === 'joins') return joinsInWords(project.joins ?? []);
  const value = fieldOf(project, field);
  const standIn = field === 'hoursPerMonth' && value === null ? assumption('hours_per_month') : undefined;
  return standIn ? `${valueInWords(pointOf(standIn), unit)}, as assumed` : valueInWords(value, unit);
}

function joinsInWords(joins: readonly Join[]): string {
  if (joins.length === 0) return 'all from the start';
  return joins
    .map(({ month, seats }) => (month === 0 ? `${seats} at the start` : `${seats} more after ${valueInWords(month, 'months')}`))
    .join(', ');
}

function assumptionInWords(id: string, before: Side, after: Side): InWords {
  const find = (side: Side): Assumption => side.assumption(id) as Assumption;
  const value = (side: Side): string => assumptionValue(find(side), side.project.seniorityMix !== null);
  // As the model says it: an own figure no longer carries the words of the one that it replaced.
  return { claim: CLAIMS.get(id) ?? find(after).claim, before: value(before), after: value(after) };
}

/** A switched-off claim says so; a range says which of its figures the point estimate takes, unless seniorities share all three. */
function assumptionValue(assumption: Assumption, hasMix: boolean): string {
  const { unit, role, enabled, reading, readings } = assumption;
  const point = `${NUMBER.format(pointOf(assumption))} ${unit}`;
  const switched = role === 'claim' ? (enabled ? 'switched on, ' : 'switched off, ') : '';
  const read = !isRange(assumption) && readings.length > 1 ? ` (read as ${reading.replaceAll('_', ' ')})` : '';
  if (!isRange(assumption) || assumption.low === assumption.high) return `${switched}${point}${read}`;
  const range = [assumption.low, assumption.mode, assumption.high].map((figure) => NUMBER.format(figure)).join(' / ');
  return `${switched}${hasMix ? '' : `${reading} of `}${range} ${unit}`;
}
