import { JudgeWatch } from './judge-watch';
import type { ProcessStatus } from './process-status';

describe('the watch over a judge process', () => {
  const MIB = 1024 * 1024;
  const status = (state: string, usedMs: number, memoryBytes = 80 * MIB): ProcessStatus => ({ state, usedMs, memoryBytes });

  /** Looks with one status after the other until there is trouble; the process answers pings or not. */
  function watch(statuses: Iterable<ProcessStatus | null>, answers: boolean) {
    let pings = 0;
    const judged = new JudgeWatch(() => {
      pings += 1;
      if (answers) queueMicrotask(() => judged.answered());
    });
    let looks = 0;
    for (const each of statuses) {
      looks += 1;
      const trouble = judged.look(each);
      if (trouble) return { kind: trouble.kind, looks, pings };
      if (answers) judged.answered();
    }
    return { kind: null, looks, pings };
  }
  const times = (count: number, make: (index: number) => ProcessStatus | null) =>
    Array.from({ length: count }, (_, n) => make(n));

  it('is content with a process that answers, however much it works', () => {
    expect(
      watch(
        times(1_000, (n) => status('R', n * 250)),
        true,
      ),
    ).toMatchObject({ kind: null, pings: 1_000 });
  });

  it('sees a loop by its processor time, after three seconds of it', () => {
    expect(
      watch(
        times(100, (n) => status('R', n * 250)),
        false,
      ),
    ).toMatchObject({ kind: 'loops', looks: 14, pings: 1 });
  });

  it('gives a process that gets a hundredth of a processor a hundred times longer, up to two minutes', () => {
    expect(
      watch(
        times(479, (n) => status('R', n * 2.5)),
        false,
      ).kind,
    ).toBeNull();
    expect(
      watch(
        times(500, (n) => status('R', n * 2.5)),
        false,
      ).kind,
    ).toBe('silent');
  });

  it('sees a process that blocks without using a processor', () => {
    expect(
      watch(
        times(100, () => status('S', 500)),
        false,
      ),
    ).toMatchObject({ kind: 'loops', looks: 42 });
    expect(
      watch(
        times(100, (n) => status(n % 10 === 0 ? 'R' : 'S', 500)),
        false,
      ).kind,
    ).toBeNull();
  });

  it('gives up a process that was stopped, or of which nothing is known', () => {
    expect(
      watch(
        times(500, () => status('T', 500)),
        false,
      ).kind,
    ).toBe('silent');
    expect(
      watch(
        times(500, () => null),
        false,
      ).kind,
    ).toBe('silent');
  });

  it('bounds memory, whether the process answers or not', () => {
    const growing = times(20, (n) => status('R', n, n * 50 * MIB));
    expect(watch(growing, true)).toMatchObject({ kind: 'eats-memory', looks: 14 });
    expect(watch(growing, false)).toMatchObject({ kind: 'eats-memory', looks: 14 });
  });
});
