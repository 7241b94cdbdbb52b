import { toDecimals } from '../money';
import { sharesOf } from '../money-shares';

/** A rounded figure as it was told once, and as it comes out now; they differ when the model's own formulas have changed since. */
export interface Told {
  readonly told: number;
  readonly now: number;
}

export interface Movement {
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** What each cause moved, in their order, and as the last one what the formulas did; they sum to `change` exactly. */
  readonly shares: readonly number[];
}

/**
 * Rounds the shares of what a figure moved so that they sum exactly.
 *
 * @param moved unrounded, of `before` to `after`, or the other way round when `isSwapped`; rounding is the same for both ways
 * @param decimals of the smallest unit
 */
export function movementOf(before: Told, after: Told, moved: readonly number[], isSwapped: boolean, decimals: number): Movement {
  const units = (amount: number): number => Math.round(toDecimals(amount, decimals) * 10 ** decimals);
  const amount = (count: number): number => toDecimals(count / 10 ** decimals, decimals);
  const now = units(after.now) - units(before.now);
  const change = units(after.told) - units(before.told);
  const total = amount(isSwapped ? -now : now);
  const shares = sharesOf(total, mended(moved, total), decimals).map((share) => (isSwapped ? 0 - share : share));
  return { before: before.told, after: after.told, change: amount(change), shares: [...shares, amount(change - now)] };
}

/**
 * Mixtures of two estimates may be larger than both by so much that a double loses what is left of their sum: the largest share then
 * takes the rest. Where nothing was lost, nothing changes but the last digits.
 */
function mended(moved: readonly number[], total: number): number[] {
  const rest = total - moved.reduce((sum, each) => sum + each, 0);
  const largest = moved.reduce((best, each, index) => (Math.abs(each) > Math.abs(moved[best] as number) ? index : best), 0);
  return moved.map((each, index) => (index === largest ? each + rest : each));
}
