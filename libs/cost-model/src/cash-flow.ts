import { fromUnits, unitsOf } from './currency';
import type { ModelParameters, ModelResult } from './formulas';
import { spreadUnits } from './money-shares';
import type { Stage } from './ramp-in';
import { mapLines, REPORTED_LINES, type ReportedBreakdown } from './reported-breakdown';

export interface MonthOfCost {
  /** 1 is the month that begins with the decision to hire. */
  readonly month: number;
  /** In the report's currency, to its smallest unit, as are the sums. */
  readonly cost: ReportedBreakdown;
  readonly total: number;
  /** All months so far. */
  readonly cumulative: number;
}

/** Cash flows that take longer are not told month by month. */
const MOST_MONTHS = 240;

/**
 * When the money of an estimate is spent. Those who join are recruited and equipped in the month in which they start, wave by wave; an empty
 * seat costs from the tolerated delay of its wave until then; work is spread by who is there from the start to the delivery, and so is what
 * replacing leavers costs; rounding is booked in the month of delivery, bench in the months after it, severance at their end. Each line
 * sums to that of the breakdown, and the months to the total, exactly. Source: docs/COST-MODEL.md.
 *
 * @param lines what is to be spread
 * @returns null for more months than can be told one by one
 */
export function cashFlow(
  parameters: ModelParameters,
  result: ModelResult,
  lines: ReportedBreakdown,
  currency: string,
): readonly MonthOfCost[] | null {
  const weights = weightsOf(parameters, result);
  if (weights === null) return null;
  const parts = mapParts((line) => {
    const units = unitsOf(lines[line], currency);
    // Rounding may be below zero, and is in one month.
    return spreadUnits(Math.abs(units), weights[line]).map((part) => (units < 0 ? -part : part));
  });
  let cumulative = 0;
  return weights.labour.map((_, index): MonthOfCost => {
    const units = (line: keyof ReportedBreakdown): number => parts[line][index] as number;
    const total = REPORTED_LINES.reduce((sum, line) => sum + units(line), 0);
    cumulative += total;
    return {
      month: index + 1,
      cost: mapLines((line) => fromUnits(units(line) + 0, currency)),
      total: fromUnits(total, currency),
      cumulative: fromUnits(cumulative, currency),
    };
  });
}

/** For each line how much of it falls into which month, in any unit. */
type Weights = Readonly<Record<keyof ReportedBreakdown, readonly number[]>>;

function weightsOf(parameters: ModelParameters, { intermediate }: ModelResult): Weights | null {
  const { monthsToStart: start, engineerCost, architectCost, toleratedDelay, seats, benchMonths } = parameters;
  const { D: delivery, X: exits } = intermediate;
  const stages = parameters.stages ?? [{ from: 0, seats, capacity: parameters.capacity }];
  const waves = wavesOf(stages);
  const lastStart = start + (waves.at(-1)?.from ?? 0);
  const end = delivery + benchMonths;
  const count = Math.max(1, Math.ceil(end), Math.floor(lastStart) + 1);
  if (count > MOST_MONTHS) return null;
  const calendar = new Calendar(count, Math.floor(start));
  const during = (perMonth: (stage: Stages[number]) => number): number[] =>
    calendar.spread(
      stages.map((stage, index) => ({
        from: start + stage.from,
        to: Math.min(delivery, start + (stages[index + 1]?.from ?? Number.POSITIVE_INFINITY)),
        perMonth: perMonth(stage),
      })),
    );
  const starts = calendar.add(waves.map(({ from, joining }) => ({ at: start + from, amount: joining })));
  const empty = calendar.spread(
    waves.map(({ from, joining }) => ({ from: from + Math.min(toleratedDelay, start), to: from + start, perMonth: joining })),
  );
  const replaced = during((stage) => stage.seats);
  const withReplacements = (joining: readonly number[]): number[] => blend(joining, seats, replaced, exits);
  return {
    labour: during((stage) => stage.seats * engineerCost + (architectCost ?? 0)),
    management: during((stage) => stage.capacity),
    recruiting: withReplacements(starts),
    vacancy: withReplacements(empty),
    equipment: starts,
    bench: calendar.spread([{ from: delivery, to: end, perMonth: 1 }], lastOf(delivery)),
    severance: calendar.only(lastOf(end)),
    rounding: calendar.only(lastOf(delivery)),
  };
}

type Stages = readonly Pick<Stage, 'from' | 'seats' | 'capacity'>[];

/** Those who are recruited together. */
function wavesOf(stages: Stages): { readonly from: number; readonly joining: number }[] {
  return stages.map(({ from, seats }, index) => ({ from, joining: seats - (stages[index - 1]?.seats ?? 0) }));
}

/** The month that ends with, or in which lies, a moment that is the end of something. */
function lastOf(moment: number): number {
  return Math.max(0, Math.ceil(moment) - 1);
}

/** Two patterns in one, by how much of it follows each. */
function blend(one: readonly number[], ofOne: number, other: readonly number[], ofOther: number): number[] {
  const [sumOfOne, sumOfOther] = [sum(one), sum(other)];
  if (ofOne + ofOther === 0) return [...one];
  return one.map((share, month) => (share / sumOfOne) * ofOne + ((other[month] as number) / sumOfOther) * ofOther);
}

/** Lays what happens at moments onto months; what happens to nobody falls into one month, so that there is always a whole to share. */
class Calendar {
  constructor(
    private readonly count: number,
    private readonly otherwise: number,
  ) {}

  only(month: number): number[] {
    return Array.from({ length: this.count }, (_, index) => (index === Math.min(month, this.count - 1) ? 1 : 0));
  }

  add(moments: readonly { readonly at: number; readonly amount: number }[]): number[] {
    const months = new Array<number>(this.count).fill(0);
    for (const { at, amount } of moments) months[Math.floor(at)] = (months[Math.floor(at)] as number) + amount;
    return sum(months) > 0 ? months : this.only(this.otherwise);
  }

  spread(
    spans: readonly { readonly from: number; readonly to: number; readonly perMonth: number }[],
    otherwise = this.otherwise,
  ): number[] {
    const months = Array.from({ length: this.count }, (_, month) =>
      spans.reduce((all, { from, to, perMonth }) => all + overlap(month, from, to) * perMonth, 0),
    );
    return sum(months) > 0 ? months : this.only(otherwise);
  }
}

/** Months of `from..to` that lie in the month that begins at `month`. */
function overlap(month: number, from: number, to: number): number {
  return Math.max(0, Math.min(to, month + 1) - Math.max(from, month));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function mapParts(
  make: (line: keyof ReportedBreakdown) => readonly number[],
): Record<keyof ReportedBreakdown, readonly number[]> {
  const parts = REPORTED_LINES.map((line) => [line, make(line)] as const);
  return Object.fromEntries(parts) as Record<keyof ReportedBreakdown, readonly number[]>;
}
