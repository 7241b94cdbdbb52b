import { toDecimals } from './money';

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

/**
 * Amounts have fewer smallest units than this: fifteen digits are what a double, and so JSON, keeps of every decimal number. Sums of a few
 * hundred of them are exact too.
 */
export const MOST_UNITS = 1e15;

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

/** An amount in the currency of the rate as dollars, unrounded. */
export function toDollars(amount: number, rate: ExchangeRate): number {
  return amount / rate.perDollar;
}

/** An amount as a whole number of the currency's smallest unit, in which sums are exact. */
export function unitsOf(amount: number, currency: string): number {
  return Math.round(toDecimals(amount, decimalsOf(currency)) * 10 ** decimalsOf(currency));
}

/** The amount that is so many of the currency's smallest unit. */
export function fromUnits(units: number, currency: string): number {
  // A quotient of two whole numbers is the double next to the decimal, so that it prints as that decimal.
  return units / 10 ** decimalsOf(currency);
}
