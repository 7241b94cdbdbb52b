import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { keepBusy } from '../../fixtures/faults/busy-machine';
import { impatientPack } from '../../fixtures/faults/mixed-grades';
import { GradingBench, statuses, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

/** One second of work at the start and in each answer for carol; the limit of both is two. */
const NEAR_ITS_LIMITS = {
  'site_notes/wsgi.py': `import time
def compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(1000))
compute(1)
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
def application(environ, start):
    if environ.get("HTTP_X_USER") == "carol":
        compute(1)
    return inner(environ, start)
`,
};

// The short form of load.deep.spec.ts and fair-limits.deep.spec.ts.
describe('a machine with too much to do', () => {
  let bench: GradingBench;
  let pack: TaskPack;

  beforeAll(async () => {
    bench = await GradingBench.open();
    pack = await loadTaskPack(await impatientPack(bench.scratch));
    await bench.grader.prepare(pack);
  }, 600_000);
  afterAll(() => bench.close());

  it('gives a project near its limits the same grade as a quiet one, three times', async () => {
    const folder = await bench.project(NEAR_ITS_LIMITS);
    const quiet = await bench.grader.grade({ pack, folder });
    expect([quiet.reason, ...new Set(Object.values(statuses(quiet)))]).toEqual([null, 'passed']);
    const rest = keepBusy();
    try {
      for (let times = 0; times < 3; times += 1) {
        expect(withoutTimings(await bench.grader.grade({ pack, folder }))).toBe(withoutTimings(quiet));
      }
    } finally {
      await rest();
    }
  });
});
