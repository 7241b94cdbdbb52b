import fc from 'fast-check';
import { MOST_PLAYERS_COUNTED, shapleyShares, type Worth } from './shapley';

const product =
  (...factors: readonly number[]): Worth =>
  (joined) => [100 * factors.reduce((all, factor, index) => (joined[index] ? all * factor : all), 1)];

const single = (shares: readonly (readonly number[])[]) => shares.map(([share]) => share as number);

test('two factors divide what they do together by halves', () => {
  // 100 -> 600: doubling alone +100, tripling alone +200, both +500, so 200 are of both.
  expect(single(shapleyShares(2, product(2, 3)).shares)).toEqual([200, 300]);
});

test('three factors: the mean over all six orders, which one order and its reverse do not give', () => {
  // Marginal gains of the factor 2 among 2, 3, 4: alone 100; after 3: 300; after 4: 400; after both: 1200.
  const [two] = single(shapleyShares(3, product(2, 3, 4)).shares);
  expect(two).toBeCloseTo(100 / 3 + (300 + 400) / 6 + 1200 / 3, 9);
});

test('one that changes nothing gets nothing and is not said to have moved anything', () => {
  const { shares, moved } = shapleyShares(3, product(2, 1, 3));
  expect(single(shares)[1]).toBe(0);
  expect(moved).toEqual([true, false, true]);
});

test('nobody at all', () => {
  expect(shapleyShares(0, product())).toEqual({ shares: [], sampledOrders: null, errors: [], moved: [] });
});

/** Every order of the players. */
function ordersOf(players: readonly number[]): number[][] {
  if (players.length === 0) return [[]];
  return players.flatMap((first) => ordersOf(players.filter((each) => each !== first)).map((rest) => [first, ...rest]));
}

test('any game at all: the mean of what a player adds over every order', () => {
  const amount = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(amount, { minLength: 32, maxLength: 32 }), (worths) => {
      const worth: Worth = (joined) => [
        worths[joined.reduce((group, is, player) => group + (is ? 2 ** player : 0), 0)] as number,
      ];
      const orders = ordersOf([0, 1, 2, 3, 4]);
      const added = [0, 1, 2, 3, 4].map((player) =>
        orders.map((order) => {
          const joined = order.map((_, each) => order.indexOf(each) < order.indexOf(player));
          const together = joined.map((is, each) => is || each === player);
          return Number(worth(together)[0]) - Number(worth(joined)[0]);
        }),
      );
      for (const [player, share] of single(shapleyShares(5, worth).shares).entries()) {
        expect(share).toBeCloseTo(total(added[player] as number[]) / orders.length, 4);
      }
    }),
    { numRuns: 30 },
  );
});

const factors = (length: number) =>
  fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: length, maxLength: length });
const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
const change = (worth: Worth, players: number) => {
  const [[before], [after]] = [worth(Array(players).fill(false)), worth(Array(players).fill(true))];
  return Number(after) - Number(before);
};

test.each([1, 2, 5, MOST_PLAYERS_COUNTED, MOST_PLAYERS_COUNTED + 1, 20])('%d players share all of the change', (players) => {
  fc.assert(
    fc.property(factors(players), (each) => {
      const worth = product(...each);
      expect(total(single(shapleyShares(players, worth).shares))).toBeCloseTo(change(worth, players), 6);
    }),
    { numRuns: 10 },
  );
});

test('sampled orders are exact where players interact by twos', () => {
  const players = 14;
  const pairwise: Worth = (joined) => {
    const present = joined.map((is, index) => (is ? index + 1 : 0));
    return [total(present) + present.reduce((sum, one, i) => sum + total(present.slice(i + 1)) * one, 0)];
  };
  const { shares, sampledOrders, errors } = shapleyShares(players, pairwise);
  const everybody = (players * (players + 1)) / 2;
  // Each has its own number, and half of its product with every other.
  for (const [index, share] of single(shares).entries()) {
    const own = index + 1;
    expect(share).toBeCloseTo(own + (own * (everybody - own)) / 2, 6);
  }
  expect(sampledOrders).toBeGreaterThanOrEqual(32);
  expect(Math.max(...single(errors))).toBeLessThan(1e-6);
});

test('sampled orders come near the exact value, within four of their standard errors', () => {
  // Twelve players of whom two change nothing have the value of the ten others.
  const each = [1.4, 0.7, 1.3, 1.2, 1.5, 0.8, 1.1, 1.25, 0.9, 1.6];
  const exact = single(shapleyShares(10, product(...each)).shares);
  const { shares, errors, sampledOrders } = shapleyShares(12, product(...each, 1, 1));
  expect(sampledOrders).not.toBeNull();
  for (const [index, value] of exact.entries()) {
    const error = errors[index]?.[0] as number;
    expect(error).toBeGreaterThan(0);
    expect(Math.abs((shares[index]?.[0] as number) - value)).toBeLessThan(4 * error);
  }
});
