import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { GradingBench, TINY_SEATS, withChecksOf } from '../../fixtures/grading-bench';
import { CORRECT, WRONG } from '../../fixtures/seat-sellers';

jest.setTimeout(120_000);

describe('six requests at the same time, in 20 rounds', () => {
  let bench: GradingBench;
  let pack: TaskPack;
  beforeAll(async () => {
    bench = await GradingBench.open(TINY_SEATS);
    pack = withChecksOf(bench.pack, 'race.ts');
  }, 600_000);
  afterAll(() => bench.close());

  const race = async (code: string) => {
    const report = await bench.grade({ 'box/booking.py': code }, { pack });
    expect(report.reason).toBeNull();
    const [check] = report.checks;
    return { check };
  };

  it.each(Object.entries(CORRECT))('sell no seat twice in any of 20 rounds: %s', async (_name, code) => {
    const { check } = await race(code);
    expect(check?.evidence.measurements).toEqual({ roundsSoldTwice: 0, roundsSoldOut: 20 });
    expect(check?.status).toBe('passed');
  });

  it.each(Object.entries(WRONG))('sell a seat twice in every one of 20 rounds: %s', async (_name, code) => {
    const { check } = await race(code);
    expect(check?.evidence.measurements.roundsSoldTwice).toBe(20);
    expect(check?.status).toBe('failed');
  });
});
