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
