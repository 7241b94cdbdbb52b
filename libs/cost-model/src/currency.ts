import { InputProblems, shown } from './input-error';
import { toCents, toDecimals } from './money';

/** What one dollar was worth on a day. */
export interface ExchangeRate {
  /** ISO 4217, for example `EUR`. */
  readonly currency: string;
  /** Units of the currency for one US dollar. */
  readonly perDollar: number;
  /** Day of the rate, `YYYY-MM-DD`. */
  readonly date: string;
  readonly source: string;
}

/** The dollar itself. */
export const DOLLAR: ExchangeRate = {
  currency: 'USD',
  perDollar: 1,
  date: '1792-04-02',
  source: 'The model calculates in US dollars.',
};

/** Currencies whose smallest unit is not a hundredth. Source: ISO 4217, list one. */
const DECIMALS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Decimals of a currency's smallest unit. */
export function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** Dollars in the currency of the rate, rounded to its smallest unit, halves away from zero. */
export function fromDollars(dollars: number, rate: ExchangeRate): number {
  return toDecimals(dollars * rate.perDollar, decimalsOf(rate.currency));
}

/** An amount in the currency of the rate as dollars to the cent. */
export function toDollars(amount: number, rate: ExchangeRate): number {
  return toCents(amount / rate.perDollar);
}

/** Reads a rate from untrusted JSON. @throws EstimateInputError naming each field at fault */
export function parseExchangeRate(input: unknown): ExchangeRate {
  const problems = new InputProblems();
  const fields = problems.record('rate', input, ['currency', 'perDollar', 'date', 'source']);
  const { currency, date, source } = fields;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    problems.add('rate.currency', `must be three capital letters of ISO 4217, for example EUR; got ${shown(currency)}.`);
  }
  if (typeof date !== 'string' || !isDay(date)) problems.add('rate.date', `must be a day, YYYY-MM-DD; got ${shown(date)}.`);
  if (typeof source !== 'string' || source.trim() === '' || source.length > 500) {
    problems.add('rate.source', 'must say where the rate comes from, in 1 to 500 characters.');
  }
  const perDollar = problems.number('rate.perDollar', fields.perDollar, 'positive');
  if (currency === 'USD' && perDollar !== 1) problems.add('rate.perDollar', 'must be 1 for USD.');
  problems.throwIfAny();
  return { currency: String(currency), perDollar, date: String(date), source: String(source).trim() };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}
