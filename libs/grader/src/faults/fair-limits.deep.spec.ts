import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { keepBusy } from '../../fixtures/faults/busy-machine';
import { DRIVER_NAMES, makeDriver } from '../../fixtures/faults/drivers';
import { impatientPack } from '../../fixtures/faults/mixed-grades';
import { type Changes, GradingBench, statuses, withoutTimings } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

const COMPUTE = `import time
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))
`;
const WSGI = 'from django.core.wsgi import get_wsgi_application\ninner = get_wsgi_application()\n';
/** The start may take two seconds, and so may each request. */
const atStart = (python: string): Changes => ({ 'site_notes/wsgi.py': `${COMPUTE}${python}\n${WSGI}application = inner\n` });
const atRequest = (python: string): Changes => ({
  'site_notes/wsgi.py': `${COMPUTE}${WSGI}def application(environ, start):
    if environ.get("HTTP_X_USER") == "carol":
        ${python}
    return inner(environ, start)
`,
});

describe.each(DRIVER_NAMES)('limits count the time of the project itself, on %s', (driver) => {
  let bench: GradingBench;
  let pack: TaskPack;
  let sandbox: SandboxDriver;
  let grader: Grader;

  beforeAll(async () => {
    bench = await GradingBench.open();
    pack = await loadTaskPack(await impatientPack(bench.scratch));
    sandbox = makeDriver(driver, bench.workRoot);
    grader = createGrader({ sandbox, runtime: bench.runtime, workRoot: bench.workRoot });
    await grader.prepare(pack);
  }, 600_000);
  afterAll(async () => {
    await grader.close();
    await sandbox.close();
    await bench.close();
  });

  const verdict = async (folder: string) => {
    const report = await grader.grade({ pack, folder });
    const failed = Object.entries(statuses(report)).filter(([, status]) => status !== 'passed');
    return { outcome: report.reason?.code ?? report.outcome, failed: failed.map(([id]) => id), report: withoutTimings(report) };
  };

  it.each<[string, Changes, string, string[]]>([
    ['a start near its limit', atStart('compute(1)'), 'graded', []],
    ['a start beyond its limit', atStart('compute(5)'), 'start-timed-out', []],
    ['a start that sleeps', atStart('time.sleep(30)'), 'start-timed-out', []],
    ['an answer near its limit', atRequest('compute(1)'), 'graded', []],
    ['an answer beyond its limit', atRequest('compute(5)'), 'graded', ['d2-list-takes-two-statements']],
  ])('%s: the same on a busy machine', async (_what, changes, outcome, failed) => {
    const folder = await bench.project(changes);
    const quiet = await verdict(folder);
    expect(quiet).toMatchObject({ outcome, failed });
    const rest = keepBusy();
    try {
      expect(await verdict(folder)).toEqual(quiet);
    } finally {
      await rest();
    }
  });

  it('a judge that waits for a slot: the wait is no part of any limit', async () => {
    const folder = await bench.project(atStart('compute(0.5)'));
    const rest = keepBusy();
    try {
      const all = await Promise.all(Array.from({ length: 3 }, () => verdict(folder)));
      expect(all.map(({ outcome, failed }) => [outcome, failed])).toEqual(all.map(() => ['graded', []]));
      expect(new Set(all.map(({ report }) => report)).size).toBe(1);
    } finally {
      await rest();
    }
  });
});
