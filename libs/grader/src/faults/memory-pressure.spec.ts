import { randomBytes } from 'node:crypto';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { descendants, isProject } from '@assay/testing/host-processes';
import { DRIVER_NAMES, makeDriver } from '../../fixtures/faults/drivers';
import { GradingProcess } from '../../fixtures/faults/grading-process';
import { MemoryGroup } from '../../fixtures/faults/memory-group';
import { gradeAndStrike } from '../../fixtures/faults/moments';
import { type Changes, GradingBench, statuses, TINY_NOTES } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

const MIB = 2 ** 20;
/** Keeps 40 MiB of each request; four or five of them fit into what the project may have. */
const GROWING: Changes = {
  'site_notes/wsgi.py': `import time
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
held = []
def application(environ, start):
    time.sleep(0.3)
    held.append(bytearray(b"x") * (40 * 2**20))
    return inner(environ, start)
`,
};

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

  it('a group that has less than it was given: the project is not to blame', async () => {
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

  it('a container that is full: the sandbox goes first, the judge stays, and the project is not to blame', async () => {
    const group = await MemoryGroup.create(`assay-spec-${randomBytes(4).toString('hex')}`);
    // Groups of version 2 with processes can have no children: there, a container is a machine of its own.
    if (group === null) return;
    const judge = await GradingProcess.open({ driver, pack: TINY_NOTES, workRoot: bench.workRoot }, {}, group.wrapper);
    try {
      let isSqueezed = false;
      const report = await judge.grade(await bench.project(GROWING), {
        onPhase: ({ phase }) => {
          if (phase !== 'checking' || isSqueezed) return;
          isSqueezed = true;
          group.squeeze(20 * MIB);
        },
      });
      expect(isSqueezed).toBe(true);
      expect(report).toMatchObject({ outcome: 'infra_fault', checks: [] });
      group.release();
      const next = await judge.grade(await bench.project({}));
      expect([next.reason, ...new Set(Object.values(statuses(next)))]).toEqual([null, 'passed']);
    } finally {
      await judge.close();
      group.remove();
    }
  });
});
