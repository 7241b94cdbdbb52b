import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { descendants, isProject } from '@assay/testing/host-processes';
import { DRIVER_NAMES, makeDriver } from '../../fixtures/faults/drivers';
import { GROWING } from '../../fixtures/faults/growing-project';
import { MemoryGroup } from '../../fixtures/faults/memory-group';
import { gradeAndStrike } from '../../fixtures/faults/moments';
import { GradingBench, statuses } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

const MIB = 2 ** 20;
/** An ordinary user's sandboxes have no group of their own that could be squeezed. */
const itWithGroups = process.getuid?.() === 0 ? it : it.skip;
// A whole container that is full: memory-pressure.deep.spec.ts.
describe.each(DRIVER_NAMES)('memory that others use up, on %s', (driver) => {
  let bench: GradingBench;
  let sandbox: SandboxDriver;
  let grader: Grader;

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

  it('is enough for this project', async () => {
    const report = await grader.grade({ pack: bench.pack, folder: await bench.project(GROWING) });
    expect([report.reason, ...new Set(Object.values(statuses(report)))]).toEqual([null, 'passed']);
  });

  itWithGroups('a group that has less than it was given: the project is not to blame', async () => {
    const squeeze = (): void => {
      const project = descendants().find(isProject);
      // Without groups nothing can be squeezed; the machine's own memory is not for a test to use up.
      MemoryGroup.of(project?.pid ?? 0)?.squeeze(8 * MIB);
    };
    const report = await gradeAndStrike(bench, grader, bench.pack, 'in the middle of a check', squeeze, GROWING);
    expect(report).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'sandbox-failed' } });
    const next = await grader.grade({ pack: bench.pack, folder: await bench.project({}) });
    expect([next.reason, ...new Set(Object.values(statuses(next)))]).toEqual([null, 'passed']);
  });
});
