import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { descendants, type HostProcess, isProject } from '@assay/testing/host-processes';
import { DRIVER_NAMES, type DriverName, makeDriver } from '../../fixtures/faults/drivers';
import { gradeAndStrike, killOne, MOMENTS } from '../../fixtures/faults/moments';
import { GradingBench, statuses } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

const VICTIMS: Readonly<Record<DriverName, Readonly<Record<string, (process: HostProcess) => boolean>>>> = {
  bubblewrap: {
    'the project': isProject,
    'the launcher': ({ command }) => command.includes('launcher.py'),
    'bubblewrap itself': ({ name, inside }) => name === 'bwrap' && inside.length === 0,
  },
  zygote: {
    'the project': isProject,
    'the zygote': ({ command, inside }) => command.includes('zygote.py') && inside.length === 1,
    'the first process of its namespace': ({ inside }) => inside.length === 1 && inside[0] === 1,
    'the launcher': ({ command, inside }) => command.includes('launcher.py') && inside.length === 0,
  },
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

  describe.each(Object.entries(VICTIMS[driver]))('%s', (_name, victim) => {
    it.each(MOMENTS)('%s', async (moment) => {
      const report = await gradeAndStrike(bench, grader, bench.pack, moment, () => killOne(victim));
      expect(report).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'sandbox-failed' } });
      expect(report.reason?.messageForReviewer).toMatch(/was killed from outside|could not be made/);
      const next = await grader.grade({ pack: bench.pack, folder: await bench.project({}) });
      expect([...new Set(Object.values(statuses(next)))]).toEqual(['passed']);
      expect(descendants().filter(isProject)).toEqual([]);
    });
  });
});
