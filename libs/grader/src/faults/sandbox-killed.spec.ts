import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { descendants, isProject } from '@assay/testing/host-processes';
import { DRIVER_NAMES, type DriverName, makeDriver } from '../../fixtures/faults/drivers';
import { gradeAndStrike, killAll, type Moment } from '../../fixtures/faults/moments';
import { SANDBOX_PROCESSES } from '../../fixtures/faults/sandbox-processes';
import { GradingBench, statuses } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

/** The rest of them: sandbox-killed.deep.spec.ts. */
const CASES: Readonly<Record<DriverName, readonly [string, Moment][]>> = {
  bubblewrap: [
    ['the project', 'while it starts'],
    ['the project', 'in the last check'],
    ['bubblewrap itself', 'in the middle of a check'],
  ],
  zygote: [
    ['the project', 'while it starts'],
    ['the project', 'in the last check'],
    ['the zygote', 'in the middle of a check'],
  ],
};

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

  it.each(CASES[driver])('%s, %s', async (name, moment) => {
    const victim = SANDBOX_PROCESSES[driver][name];
    if (!victim) throw new Error(`${driver} has no process called ${name}`);
    const report = await gradeAndStrike(bench, grader, bench.pack, moment, () => killAll(victim));
    expect(report).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'sandbox-failed' } });
    expect(report.reason?.messageForReviewer).toMatch(/was killed from outside|could not be made/);
    await expectGood();
  });

  it('all of them, while nothing is graded', async () => {
    await expectGood();
    for (const victim of Object.values(SANDBOX_PROCESSES[driver])) {
      for (const { pid } of descendants().filter(victim)) killIfAlive(pid);
    }
    await expectGood();
  });
});

/** Some of them end with one that was killed before. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
