import { type ExchangeRate, fromDollars, fromUnits, unitsOf } from './currency';
import { BREAKDOWN_LINES, type Breakdown } from './formulas';

/** The lines and what rounding each of them leaves of the total, at most some of the smallest unit; they sum to the total exactly. */
export interface ReportedBreakdown extends Breakdown {
  readonly rounding: number;
}

/** All lines in the order in which they are told. */
export const REPORTED_LINES = [...BREAKDOWN_LINES, 'rounding'] as const satisfies readonly (keyof ReportedBreakdown)[];

/**
 * Each line in the currency of the rate, and what is missing to the total.
 *
 * @param breakdown USD, unrounded
 * @param total in that currency, rounded
 */
export function reportBreakdown(breakdown: Breakdown, total: number, rate: ExchangeRate): ReportedBreakdown {
  const { currency } = rate;
  const lines = mapLines((line) => (line === 'rounding' ? 0 : fromDollars(breakdown[line], rate)));
  const units = BREAKDOWN_LINES.reduce((sum, line) => sum + unitsOf(lines[line], currency), 0);
  return { ...lines, rounding: fromUnits(unitsOf(total, currency) - units, currency) };
}

/** A breakdown made line by line. */
export function mapLines(make: (line: keyof ReportedBreakdown) => number): ReportedBreakdown {
  return {
    labour: make('labour'),
    management: make('management'),
    recruiting: make('recruiting'),
    vacancy: make('vacancy'),
    equipment: make('equipment'),
    bench: make('bench'),
    severance: make('severance'),
    rounding: make('rounding'),
  };
}
