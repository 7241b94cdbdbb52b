import { MOST_UNITS } from '../currency';
import { EstimateInputError } from '../input-error';
import type { HiringModel } from '../project';
import { type InputChange, mixtureOf, type Side } from './changed-inputs';
import { outcomeOf } from './mixture';
import { shapleyShares } from './shapley';

/** What a changed input, by its id, moved. Unrounded; all inputs of a model sum to what it moved but for the last digits of a double. */
export interface Moved {
  readonly inputId: string;
  readonly total: number;
  readonly months: number;
}

export interface ModelAttribution {
  /** Inputs that moved the total or the months in some mixture, by id. */
  readonly moved: readonly Moved[];
  /** Null when every order of changing the inputs was counted. */
  readonly sampledOrders: number | null;
  /** The largest standard error of a total's share, 0 when every order was counted. */
  readonly standardError: number;
}

/** The input that multiplies every amount when a currency has another rate. */
export const EXCHANGE_RATE = 'exchange_rate';

/** Units of the currency for a dollar. */
export interface Rates {
  readonly before: number;
  readonly after: number;
}

/** The cause that stands for all inputs where mixtures of them have no amount that can be told exactly. */
export const ALL_TOGETHER = 'all_inputs';

/**
 * Divides what one model's total and months moved between the changed inputs. Inputs that the model does not look at in any of the mixtures
 * get no share and cost no time: it begins with those that are looked at on either side and adds what mixtures look at beyond these.
 * Two sound estimates may have mixtures out of all proportion, such as the hours of one with the team of the other; where these cannot be
 * told exactly, all inputs are one cause.
 *
 * @param before of the two sides, the one that comes first in an order of their own, so that swapping them changes signs only
 * @param unitsPerAmount smallest units of a total, and of months
 */
export function attribute(
  model: HiringModel,
  before: Side,
  after: Side,
  changes: readonly InputChange[],
  rates: Rates,
  unitsPerAmount: { readonly total: number; readonly months: number },
): ModelAttribution {
  const divided = orNull(() => divide(model, before, after, changes, rates));
  // As with every amount: fifteen digits are told exactly, and sums of them.
  const isExact = (amount: 'total' | 'months'): boolean =>
    (divided?.moved ?? []).reduce((sum, each) => sum + Math.abs(each[amount]), 0) * unitsPerAmount[amount] < MOST_UNITS;
  if (divided && isExact('total') && isExact('months')) return divided;
  const [start, end] = [outcomeOf(model, before), outcomeOf(model, after)];
  const total = end.total * rates.after - start.total * rates.before;
  const moved = [{ inputId: ALL_TOGETHER, total, months: end.months - start.months }];
  return { moved, sampledOrders: null, standardError: 0 };
}

/** Null where a mixture is refused by the model. */
function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof EstimateInputError) return null;
    throw error;
  }
}

function divide(model: HiringModel, before: Side, after: Side, changes: readonly InputChange[], rates: Rates): ModelAttribution {
  const read = new Set<string>();
  for (const side of [before, after]) outcomeOf(model, side, read);
  for (;;) {
    const players = changes.filter(({ together }) => together.some((id) => read.has(id)));
    const ids = [...players.map(({ inputId }) => inputId), ...(rates.before === rates.after ? [] : [EXCHANGE_RATE])];
    const seen = new Set(read);
    const { shares, sampledOrders, errors, moved } = shapleyShares(ids.length, (joined) => {
      const together = players.filter((_, player) => joined[player]).flatMap((player) => player.together);
      const outcome = outcomeOf(model, mixtureOf(before, after, together), seen);
      const isAfterRate = joined[players.length] ?? false;
      return [outcome.total * (isAfterRate ? rates.after : rates.before), outcome.months];
    });
    if (changes.some((change) => !players.includes(change) && change.together.some((id) => seen.has(id)))) {
      for (const id of seen) read.add(id);
      continue;
    }
    return {
      moved: ids
        .map((inputId, player) => ({ inputId, total: shares[player]?.[0] as number, months: shares[player]?.[1] as number }))
        .filter((_, player) => moved[player]),
      sampledOrders,
      standardError: Math.max(0, ...errors.map(([error]) => error as number)),
    };
  }
}
