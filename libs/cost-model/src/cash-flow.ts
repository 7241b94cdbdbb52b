import type { Breakdown, ModelParameters, ModelResult } from './formulas';
import { toCents } from './money';
import { sharesOf } from './money-shares';
import type { HiringModel } from './project';

export interface CashFlow {
  readonly model: HiringModel;
  /** From the month of the decision to hire to the month of delivery. */
  readonly months: readonly MonthOfCost[];
}

export interface MonthOfCost {
  /** 1 is the month that begins with the decision to hire. */
  readonly month: number;
  /** USD to the cent, all of them and their sum. */
  readonly cost: Breakdown;
  readonly total: number;
  /** All months so far. */
  readonly cumulative: number;
}

const LINES = ['labour', 'management', 'recruiting', 'vacancy', 'equipment'] as const satisfies readonly (keyof Breakdown)[];

/**
 * When the money of an estimate is spent. People who join are recruited and equipped in the month in which they start; empty seats cost
 * from the tolerated delay on until then; work, and what replacing leavers costs, is spread evenly from the start to the delivery.
 * The months sum to the estimate's total to the cent; where its rounded lines do not, one of them gives or takes a cent here. Source: docs/COST-MODEL.md.
 */
export function cashFlow(parameters: ModelParameters, result: ModelResult): CashFlow {
  const { monthsToStart: start, toleratedDelay, seats } = parameters;
  const { D: end, X: exits } = result.intermediate;
  const count = Math.max(1, Math.ceil(end));
  const first = Math.min(Math.floor(start), count - 1);
  const spread = (from: number, to: number): number[] =>
    to <= from ? only(first) : Array.from({ length: count }, (_, month) => overlap(month, from, to) / (to - from));
  const only = (at: number): number[] => Array.from({ length: count }, (_, month) => (month === at ? 1 : 0));
  const joining = seats + exits > 0 ? seats / (seats + exits) : 1;
  const mixed = (atStart: readonly number[]): number[] => {
    const later = spread(start, end);
    return atStart.map((share, month) => joining * share + (1 - joining) * (later[month] as number));
  };
  const shares: Readonly<Record<keyof Breakdown, readonly number[]>> = {
    labour: spread(start, end),
    management: spread(start, end),
    recruiting: mixed(only(first)),
    vacancy: mixed(spread(Math.min(toleratedDelay, start), start)),
    equipment: only(first),
  };
  const amounts = sharesOf(
    toCents(result.total),
    LINES.map((line) => result.breakdown[line]),
  );
  const lines = Object.fromEntries(
    LINES.map((line, index) => {
      const amount = amounts[index] as number;
      return [
        line,
        sharesOf(
          amount,
          shares[line].map((share) => share * amount),
        ),
      ];
    }),
  ) as Record<keyof Breakdown, number[]>;
  let cumulative = 0;
  const months = Array.from({ length: count }, (_, index): MonthOfCost => {
    const cost = Object.fromEntries(LINES.map((line) => [line, lines[line][index] as number])) as unknown as Breakdown;
    const total = toCents(LINES.reduce((sum, line) => sum + cost[line], 0));
    cumulative = toCents(cumulative + total);
    return { month: index + 1, cost, total, cumulative };
  });
  return { model: parameters.model, months };
}

/** Months of `from..to` that lie in the month that begins at `month`. */
function overlap(month: number, from: number, to: number): number {
  return Math.max(0, Math.min(to, month + 1) - Math.max(from, month));
}
