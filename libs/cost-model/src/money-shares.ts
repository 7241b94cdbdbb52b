import { toCents } from './money';

/**
 * Rounds amounts to the cent so that they sum to `total` exactly: each is rounded down, and the cents that are left go to those that lost
 * most (the largest-remainder method).
 *
 * @param total USD to the cent
 * @param amounts unrounded, summing to `total` but for rounding
 */
export function sharesOf(total: number, amounts: readonly number[]): number[] {
  const cents = amounts.map((amount) => Math.floor(amount * 100));
  let left = Math.round(toCents(total) * 100) - cents.reduce((sum, each) => sum + each, 0);
  const byLoss = amounts
    .map((amount, index) => ({ index, loss: amount * 100 - (cents[index] as number) }))
    .sort((a, b) => b.loss - a.loss || a.index - b.index);
  for (let turn = 0; left !== 0 && byLoss.length > 0; turn += 1) {
    const { index } = byLoss[turn % byLoss.length] as { index: number };
    cents[index] = (cents[index] as number) + Math.sign(left);
    left -= Math.sign(left);
  }
  return cents.map((each) => toCents(each / 100));
}
