import { isRange } from '../assumption';
import { DOLLAR, type ExchangeRate, fromDollars, toDollars } from '../currency';
import type { ReportedModel } from '../estimate-report';
import type { HiringModel } from '../project';
import type { Distribution } from '../simulation/summary';
import type { Side } from './changed-inputs';
import type { Percentiles, Ranges } from './estimate-difference';
import { outcomeOf } from './mixture';

/** What a report said of a model's uncertainty. @param rate of the report when its amounts are to be told in USD, else null */
export function rangesOf({ cost, delivery }: ReportedModel, rate: ExchangeRate | null): Ranges {
  const money = (value: number): number => (rate === null ? value : fromDollars(toDollars(value, rate), DOLLAR));
  return { cost: percentiles(cost, money), delivery: percentiles(delivery, (months) => months) };
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

function percentiles({ p10, p50, p90 }: Distribution, convert: (value: number) => number): Percentiles {
  return { p10: convert(p10.value), p50: convert(p50.value), p90: convert(p90.value) };
}
