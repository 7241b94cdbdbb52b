import { isRange } from '../assumption';
import { DOLLAR, type ExchangeRate, fromDollars, toDollars } from '../currency';
import type { HiringModel } from '../project';
import type { Side } from './changed-inputs';
import type { Ranges, ToldModel } from './estimate-difference';
import { outcomeOf } from './mixture';

/** What was told of a model's uncertainty. @param rate of the amounts when they are to be told in USD, else null */
export function rangesOf({ costBand, deliveryBand }: ToldModel, rate: ExchangeRate | null): Ranges | null {
  if (costBand === null || deliveryBand === null) return null;
  if (rate === null) return { cost: costBand, delivery: deliveryBand };
  const dollars = (amount: number): number => fromDollars(toDollars(amount, rate), DOLLAR);
  const { p10, p50, p90 } = costBand;
  return { cost: { p10: dollars(p10), p50: dollars(p50), p90: dollars(p90) }, delivery: deliveryBand };
}

/** Whether the simulation of one of the models draws this assumption, on either side: a point moved within its range then moves a result. */
export function movesRange(id: string, models: readonly HiringModel[], sides: readonly Side[]): boolean {
  if (id.startsWith('effort.')) return true;
  return sides.some((side) => {
    const range = side.assumption(id);
    if (!range || !isRange(range) || range.low === range.high) return false;
    const at = (model: HiringModel, point: number): string => {
      const moved = { ...range, low: point, mode: point, high: point };
      const { total, months } = outcomeOf(model, {
        project: side.project,
        assumption: (each) => (each === id ? moved : side.assumption(each)),
      });
      return `${total} ${months}`;
    };
    return models.some((model) => at(model, range.low) !== at(model, range.high));
  });
}
