import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { descendants, isProject } from '@assay/testing/host-processes';
import { DRIVER_NAMES, type DriverName, makeDriver } from '../../fixtures/faults/drivers';
import { gradeAndStrike, killAll, MOMENTS, type Moment } from '../../fixtures/faults/moments';
import { SANDBOX_PROCESSES } from '../../fixtures/faults/sandbox-processes';
import { GradingBench, statuses } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

const CASES = (driver: DriverName): [string, Moment][] =>
  Object.keys(SANDBOX_PROCESSES[driver]).flatMap((name) => MOMENTS.map((moment): [string, Moment] => [name, moment]));

describe.each(DRIVER_NAMES)('a process of %s is killed from outside', (driver) => {
  let bench: GradingBench;
  let grader: Grader;
  let sandbox: SandboxDriver;

  beforeAll(async () => {
    bench = await GradingBench.open();
    sandbox = makeDriver(driver, bench.workRoot);
    grader = createGrader({ sandbox, runtime: bench.runtime, workRoot: bench.workRoot });
    await grader.prepare(bench.pack);
  }, 600_000);
  afterAll(async () => {
    await grader.close();
    await sandbox.close();
    await bench.close();
  });

  const expectGood = async (): Promise<void> => {
    const next = await grader.grade({ pack: bench.pack, folder: await bench.project({}) });
    expect([next.reason, ...new Set(Object.values(statuses(next)))]).toEqual([null, 'passed']);
    expect(descendants().filter(isProject)).toEqual([]);
  };

  it.each(CASES(driver))('%s, %s', async (name, moment) => {
    const victim = SANDBOX_PROCESSES[driver][name];
    if (!victim) throw new Error(`${driver} has no process called ${name}`);
    const report = await gradeAndStrike(bench, grader, bench.pack, moment, () => killAll(victim));
    expect(report).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'sandbox-failed' } });
    expect(report.reason?.messageForReviewer).toMatch(/was killed from outside|could not be made/);
    await expectGood();
  });
});
