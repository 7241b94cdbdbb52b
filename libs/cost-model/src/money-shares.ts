import { toDecimals } from './money';

/**
 * Rounds amounts so that they sum to `total` exactly: each is rounded down, and the units that are left go to those that lost most (the
 * largest-remainder method).
 *
 * @param total to `places` decimals, such as USD to the cent
 * @param amounts unrounded, summing to `total` but for rounding
 * @param places decimals of the smallest unit
 */
export function sharesOf(total: number, amounts: readonly number[], places = 2): number[] {
  const unit = 10 ** places;
  const units = amounts.map((amount) => Math.floor(amount * unit));
  let left = Math.round(toDecimals(total, places) * unit) - units.reduce((sum, each) => sum + each, 0);
  const byLoss = amounts
    .map((amount, index) => ({ index, loss: amount * unit - (units[index] as number) }))
    .sort((a, b) => b.loss - a.loss || a.index - b.index);
  for (let turn = 0; left !== 0 && byLoss.length > 0; turn += 1) {
    const { index } = byLoss[turn % byLoss.length] as { index: number };
    units[index] = (units[index] as number) + Math.sign(left);
    left -= Math.sign(left);
  }
  return units.map((each) => toDecimals(each / unit, places));
}

/**
 * Spreads a whole number by weights: the running sums of the parts are those of the weights, rounded, so the parts sum to `units` exactly,
 * none is negative, and each is within one of its share.
 *
 * @param units a whole number, not negative
 * @param weights not negative, at least one above 0
 */
export function spreadUnits(units: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let [weighed, given] = [0, 0];
  return weights.map((weight) => {
    weighed += weight;
    // The last one is `all` itself, summed in the same order.
    const until = Math.round((weighed / all) * units);
    const part = until - given;
    given = until;
    return part;
  });
}
