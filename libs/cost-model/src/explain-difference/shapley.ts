import { randomStream } from '../simulation/random';

/** What comes out when some of the players have joined, several amounts at once; the same players always give the same amounts. */
export type Worth = (joined: readonly boolean[]) => readonly number[];

export interface Attribution {
  /** For each player, what of each amount is due to it. They sum to what all of them together change. */
  readonly shares: readonly (readonly number[])[];
  /** Orders in which the players were let join; null when all of them were counted. */
  readonly sampledOrders: number | null;
  /** Standard errors of the shares from sampling orders; all 0 when all were counted. */
  readonly errors: readonly (readonly number[])[];
  /** Players that changed an amount at least once. */
  readonly moved: readonly boolean[];
}

/** Up to so many players every one of the 2^n groups is evaluated. */
export const MOST_PLAYERS_COUNTED = 11;
/** About so many evaluations are spent on more players, and never fewer than {@link FEWEST_PAIRS} pairs of orders. */
const SAMPLED_EVALUATIONS = 2048;
const FEWEST_PAIRS = 16;
const SEED = 1953;

/**
 * Divides a change between the players that made it: each gets the mean of what it adds over all orders in which they could join, so that
 * none depends on an order and what several do together is divided between them. Source: L. Shapley, "A value for n-person games" (1953);
 * for differences of an indicator, A. Shorrocks, "Decomposition procedures for distributional analysis" (2013).
 *
 * Beyond {@link MOST_PLAYERS_COUNTED} players the mean is over random orders with a fixed seed, each together with its reverse. A pair's
 * mean is exact where players interact by twos; sampling error is left only of what three and more do together. Shares still sum exactly.
 */
export function shapleyShares(players: number, worth: Worth): Attribution {
  return players <= MOST_PLAYERS_COUNTED ? counted(players, worth) : sampled(players, worth);
}

/** phi_i = sum over groups S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)). */
function counted(players: number, worth: Worth): Attribution {
  const amountsOf = Array.from({ length: 2 ** players }, (_, group) => worth(membersOf(group, players)));
  const amounts = (amountsOf[0] as readonly number[]).length;
  const tally = new Tally(players, amounts);
  const weights = weightsBySize(players);
  for (let player = 0; player < players; player += 1) {
    const bit = 2 ** player;
    for (const [group, before] of amountsOf.entries()) {
      if ((group & bit) !== 0) continue;
      tally.add(player, before, amountsOf[group + bit] as readonly number[], weights[sizeOf(group)] as number);
    }
  }
  return { shares: tally.sums, sampledOrders: null, errors: zeros(players, amounts), moved: tally.moved };
}

function sampled(players: number, worth: Worth): Attribution {
  const pairs = Math.max(FEWEST_PAIRS, Math.ceil(SAMPLED_EVALUATIONS / (2 * players)));
  const stream = randomStream(SEED, `orders of ${players}`);
  const amounts = worth(membersOf(0, players)).length;
  const all = Array.from({ length: pairs }, () => {
    const pair = new Tally(players, amounts);
    const order = shuffled(players, stream);
    join(order, worth, pair);
    join([...order].reverse(), worth, pair);
    return pair;
  });
  const mean = (value: (pair: Tally) => number): number => all.reduce((sum, pair) => sum + value(pair), 0) / pairs;
  const each = <T>(make: (player: number, amount: number) => T): T[][] =>
    Array.from({ length: players }, (_, player) => Array.from({ length: amounts }, (_, amount) => make(player, amount)));
  const shares = each((player, amount) => mean((pair) => pair.sum(player, amount)));
  const errors = each((player, amount) => {
    const share = shares[player]?.[amount] as number;
    return Math.sqrt(mean((pair) => (pair.sum(player, amount) - share) ** 2) / (pairs - 1));
  });
  const moved = shares.map((_, player) => all.some((pair) => pair.moved[player]));
  return { shares, sampledOrders: 2 * pairs, errors, moved };
}

/** Lets the players join one after the other; each order counts half of its pair. */
function join(order: readonly number[], worth: Worth, pair: Tally): void {
  const joined = order.map(() => false);
  let before = worth(joined);
  for (const player of order) {
    joined[player] = true;
    const after = worth(joined);
    pair.add(player, before, after, 1 / 2);
    before = after;
  }
}

class Tally {
  readonly sums: number[][];
  readonly moved: boolean[];

  constructor(players: number, amounts: number) {
    this.sums = zeros(players, amounts);
    this.moved = this.sums.map(() => false);
  }

  add(player: number, before: readonly number[], after: readonly number[], weight: number): void {
    const sums = this.sums[player] as number[];
    for (const [amount, value] of after.entries()) {
      const added = value - (before[amount] as number);
      if (added === 0) continue;
      sums[amount] = (sums[amount] as number) + weight * added;
      this.moved[player] = true;
    }
  }

  sum(player: number, amount: number): number {
    return this.sums[player]?.[amount] as number;
  }
}

/** |S|! (n - |S| - 1)! / n! by |S|: one over n times the number of groups of that size among the others. */
function weightsBySize(players: number): number[] {
  let groups = 1;
  return Array.from({ length: players }, (_, size) => {
    if (size > 0) groups = (groups * (players - size)) / size;
    return 1 / (players * groups);
  });
}

function membersOf(group: number, players: number): boolean[] {
  return Array.from({ length: players }, (_, player) => (group & (2 ** player)) !== 0);
}

function sizeOf(group: number): number {
  let size = 0;
  for (let rest = group; rest > 0; rest &= rest - 1) size += 1;
  return size;
}

/** Fisher and Yates. */
function shuffled(players: number, stream: () => number): number[] {
  const order = Array.from({ length: players }, (_, player) => player);
  for (let last = players - 1; last > 0; last -= 1) {
    const other = Math.floor(stream() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

function zeros(players: number, amounts: number): number[][] {
  return Array.from({ length: players }, () => Array.from({ length: amounts }, () => 0));
}
