import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf } from '@assay/testing/host-processes';
import { DRIVER_NAMES } from '../../fixtures/faults/drivers';
import { GradingProcess } from '../../fixtures/faults/grading-process';
import { impatientPack } from '../../fixtures/faults/mixed-grades';
import { type Changes, GradingBench, statuses } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

/** Longer than a start and an answer may take: two seconds each. */
const STILL_MS = 4_000;
const PROJECTS: Readonly<Record<'starting' | 'checking', Changes>> = {
  starting: {
    'site_notes/wsgi.py': `import time
time.sleep(1)
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`,
  },
  checking: {
    'site_notes/wsgi.py': `import time
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
def application(environ, start):
    time.sleep(1)
    return inner(environ, start)
`,
  },
};

/** What a paused container, or a machine that is moved to another host, looks like from inside. */
describe.each(DRIVER_NAMES)('everything stands still for a while, on %s', (driver) => {
  let bench: GradingBench;
  let judge: GradingProcess;

  beforeAll(async () => {
    bench = await GradingBench.open();
    const pack = await impatientPack(bench.scratch);
    judge = await GradingProcess.open({ driver, pack, workRoot: bench.workRoot });
  }, 600_000);
  afterAll(async () => {
    await judge.close();
    await bench.close();
  });

  async function standStill(): Promise<void> {
    await sleep(300);
    const all = [judge.pid, ...descendantsOf(judge.pid).map(({ pid }) => pid)];
    for (const pid of all) process.kill(pid, 'SIGSTOP');
    await sleep(STILL_MS);
    for (const pid of all) process.kill(pid, 'SIGCONT');
  }

  it.each(['starting', 'checking'] as const)('while it is %s: that is no time of the project', async (moment) => {
    const folder = await bench.project(PROJECTS[moment]);
    const still: Promise<void>[] = [];
    const report = await judge.grade(folder, {
      onPhase: ({ phase }) => {
        if (phase === moment && still.length === 0) still.push(standStill());
      },
    });
    expect(still).toHaveLength(1);
    await Promise.all(still);
    expect([report.reason, ...new Set(Object.values(statuses(report)))]).toEqual([null, 'passed']);
  });
});
