import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessorUse } from '../fair-timer';
import type { GatedConnection } from '../statement-gate';
import { type BarrierOptions, WriteBarrier } from './write-barrier';

/** No database: what is decided on, not what follows from it. */
describe('what goes on at a barrier', () => {
  let released: string[];
  let barrier: WriteBarrier;
  let running: Promise<void>;
  let lockWaits: number;
  let unanswered: number;

  beforeEach(() => {
    released = [];
    lockWaits = 0;
    unanswered = 2;
  });
  afterEach(async () => {
    barrier.open();
    await running;
  });

  const start = (options: Partial<BarrierOptions> = {}): void => {
    barrier = new WriteBarrier({
      hold: 'writes',
      unanswered: () => unanswered,
      lockWaits: () => Promise.resolve(lockWaits),
      traffic: () => 0,
      sample: () => Promise.resolve({ usedMs: 0, waitedMs: {} }),
      budgetMs: 60_000,
      ...options,
    });
    running = barrier.run();
  };
  const connection = (name: string, ordinal: number): GatedConnection => ({ ordinal, release: () => void released.push(name) });
  const [first, second] = [connection('first', 1), connection('second', 2)];
  const until = async (names: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < 2_000 && released.length < names.length; tries += 1) await sleep(5);
    expect(released).toEqual(names);
  };

  it('is everything that reads', () => {
    start();
    expect(barrier.holds(first, ['SELECT 1', 'BEGIN'])).toBe(false);
    expect(barrier.holds(first, [])).toBe(false);
    expect(barrier.holds(first, ['COMMIT'])).toBe(false);
  });

  it('is one write when all have come to one, the oldest first', async () => {
    start();
    expect(barrier.holds(second, ['INSERT INTO t VALUES (1)'])).toBe(true);
    expect(barrier.holds(first, ['UPDATE t SET a = 1'])).toBe(true);
    await until(['first']);
    // It came to its next one: now it is the turn of the other.
    expect(barrier.holds(first, ['UPDATE t SET a = 1'])).toBe(true);
    await until(['first', 'second']);
  });

  it('is a write before a COMMIT, and a COMMIT after a write only', async () => {
    start();
    expect(barrier.holds(first, ['INSERT INTO t VALUES (1)'])).toBe(true);
    expect(barrier.holds(second, ['INSERT INTO t VALUES (1)'])).toBe(true);
    await until(['first']);
    expect(barrier.holds(first, ['COMMIT'])).toBe(true);
    await until(['first', 'second']);
    expect(barrier.holds(second, ['COMMIT'])).toBe(true);
    await until(['first', 'second', 'first']);
    expect(barrier.holds(first, ['COMMIT'])).toBe(false);
  });

  it('is a write while the other waits for a lock, or was answered', async () => {
    start();
    lockWaits = 1;
    barrier.holds(first, ['INSERT INTO t VALUES (1)']);
    await until(['first']);
    lockWaits = 0;
    unanswered = 1;
    barrier.holds(first, ['INSERT INTO t VALUES (1)']);
    await until(['first', 'first']);
  });

  it('is who has to try again before who did not', async () => {
    start();
    barrier.hadSetback(second);
    barrier.holds(first, ['INSERT INTO t VALUES (1)']);
    barrier.holds(second, ['INSERT INTO t VALUES (1)']);
    await until(['second']);
  });

  it('is a write when the project does nothing at all any more', async () => {
    start();
    barrier.holds(first, ['INSERT INTO t VALUES (1)']);
    await until(['first']);
  });

  it('is nothing while the project computes, until its time is over', async () => {
    let usedMs = 0;
    const sample = (): Promise<ProcessorUse> => {
      usedMs += 100;
      return Promise.resolve({ usedMs, waitedMs: {} });
    };
    start({ sample, budgetMs: 1_500 });
    barrier.holds(first, ['INSERT INTO t VALUES (1)']);
    await sleep(700);
    expect(released).toEqual([]);
    await until(['first']);
    expect(barrier.holds(first, ['INSERT INTO t VALUES (1)'])).toBe(false);
  });

  it('is everything at once when each has its first statement', async () => {
    start({ hold: 'first-statement' });
    expect(barrier.holds(first, ['SELECT 1'])).toBe(true);
    expect(barrier.holds(second, ['SELECT 1'])).toBe(true);
    await until(['first', 'second']);
    expect(barrier.holds(first, ['INSERT INTO t VALUES (1)'])).toBe(false);
  });

  it('is nothing of a connection that is gone', async () => {
    start();
    barrier.holds(first, ['INSERT INTO t VALUES (1)']);
    barrier.gone(first);
    unanswered = 1;
    barrier.holds(second, ['INSERT INTO t VALUES (1)']);
    await until(['second']);
  });
});
