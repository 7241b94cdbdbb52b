import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gradingReportSchema } from '@assay/contracts/grading-report';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { GradingBench, TINY_NOTES } from '../fixtures/grading-bench';
import { createGrader, type GradeRequest } from './grader';
import { GradingCluster } from './grading-cluster';

jest.setTimeout(120_000);

describe('a fault of ours', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  const infra = async (options: { driver?: BubblewrapDriver; pack?: TaskPack; more?: Partial<GradeRequest> }) => {
    const other = createGrader({ sandbox: options.driver ?? new BubblewrapDriver(), runtime: bench.runtime });
    try {
      const report = await other.grade({ pack: options.pack ?? bench.pack, folder: await bench.project({}), ...options.more });
      expect(gradingReportSchema.safeParse(report).error).toBeUndefined();
      return report;
    } finally {
      await other.close();
    }
  };

  it('no sandbox: nothing is graded', async () => {
    const report = await infra({ driver: new BubblewrapDriver({ program: '/nonexistent/bwrap' }) });
    expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code: 'sandbox-unavailable' }, checks: [] });
    expect(report.reason?.messageForCandidate).toContain('not your fault');
  });

  it.each([
    ["throw new TypeError('oops');", 'check-crashed', 'the check "b1-notes-are-listed" crashed: TypeError: oops'],
    ['for (;;);', 'check-looped', 'the check "b1-notes-are-listed" ran for more than'],
  ])('a check that does %j is named', async (body, code, message) => {
    const folder = path.join(bench.scratch, code, 'tiny-notes');
    await cp(TINY_NOTES, folder, { recursive: true });
    await writeFile(
      path.join(folder, 'hidden-checks', 'notes.ts'),
      `export const checks = { ${bench.pack.definition.checks.map(({ id }) => `'${id}': async () => { ${body} }`).join(', ')} };`,
    );
    const report = await infra({ pack: await loadTaskPack(folder) });
    expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code }, checks: [] });
    expect(report.reason?.messageForReviewer).toContain(`task pack "tiny-notes": ${message}`);
  });

  it('a database server that is killed under a run, and the next run works', async () => {
    const own = new GradingCluster(() => undefined);
    const other = createGrader({ sandbox: new BubblewrapDriver(), runtime: bench.runtime, cluster: own });
    try {
      await other.prepare(bench.pack);
      const { pid } = (await own.get()).postgres;
      const folder = await bench.project({
        'site_notes/wsgi.py': `import time
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
def application(environ, start):
    time.sleep(0.5)
    return inner(environ, start)
`,
      });
      const onProgress = (line: string): void => void (line.includes('hidden checks') && process.kill(pid, 'SIGKILL'));
      // One check that only speaks HTTP: the project answers it with an error, which must not count.
      const short = { ...bench.pack, definition: { ...bench.pack.definition, checks: bench.pack.definition.checks.slice(0, 1) } };
      const report = await other.grade({ pack: short, folder, onProgress });
      expect(report).toMatchObject({
        outcome: 'infra_fault',
        reason: {
          code: 'grading-database-failed',
          messageForReviewer: expect.stringMatching(/database|socket|connect|terminat/i),
        },
      });
      expect((await other.grade({ pack: bench.pack, folder: await bench.project({}) })).outcome).toBe('graded');
    } finally {
      await other.close();
    }
  });
});
