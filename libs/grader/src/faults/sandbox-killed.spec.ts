import { type GradingReport, gradingReportSchema } from '@assay/contracts/grading-report';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { waitFor } from '@assay/testing/wait-for';
import { descendants, type HostProcess, isProject } from '../../fixtures/faults/processes';
import { GradingBench, statuses } from '../../fixtures/grading-bench';
import { createGrader, type GradeRequest, type Grader } from '../grader';

jest.setTimeout(120_000);

const SLOW_START = `import time
time.sleep(2)
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`;
const SLOW_ANSWERS = `import time
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
def application(environ, start):
    time.sleep(0.4)
    return inner(environ, start)
`;

const MOMENTS = ['while it starts', 'before the first check', 'in the middle of a check', 'in the last check'] as const;
type Moment = (typeof MOMENTS)[number];

const VICTIMS: Readonly<Record<string, (process: HostProcess) => boolean>> = {
  'the project': isProject,
  'the launcher': ({ command }) => command.includes('launcher.py'),
  'bubblewrap itself': ({ name, insideNumber }) => name === 'bwrap' && insideNumber === null,
};

describe('a process of the sandbox is killed from outside', () => {
  let bench: GradingBench;
  let grader: Grader;

  beforeAll(async () => {
    bench = await GradingBench.open();
    grader = createGrader({ sandbox: new BubblewrapDriver(), runtime: bench.runtime, workRoot: bench.workRoot });
    await grader.prepare(bench.pack);
  }, 600_000);
  afterAll(async () => {
    await grader.close();
    await bench.close();
  });

  async function gradeAndKill(victim: (process: HostProcess) => boolean, moment: Moment): Promise<GradingReport> {
    let killing: Promise<void> | null = null;
    const kill = async (afterMs: number): Promise<void> => {
      const found = await waitFor(() => descendants().find(victim), { everyMs: 5, what: 'the process to be killed' });
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      process.kill(found.pid, 'SIGKILL');
    };
    const last = bench.pack.definition.checks.length - 1;
    const onProgress = (line: string): void => {
      if (moment === 'before the first check' && line.includes('hidden checks')) killing ??= kill(0);
    };
    const onPhase: GradeRequest['onPhase'] = (progress) => {
      const isMoment =
        (moment === 'while it starts' && progress.phase === 'starting') ||
        (moment === 'in the middle of a check' && progress.phase === 'checking') ||
        (moment === 'in the last check' && progress.phase === 'checking' && progress.done === last);
      if (isMoment) killing ??= kill(150);
    };
    const changes = { 'site_notes/wsgi.py': moment === 'while it starts' ? SLOW_START : SLOW_ANSWERS };
    const report = await grader.grade({ pack: bench.pack, folder: await bench.project(changes), onProgress, onPhase });
    expect(killing).not.toBeNull();
    await killing;
    return gradingReportSchema.parse(report);
  }

  describe.each(Object.entries(VICTIMS))('%s', (_name, victim) => {
    it.each(MOMENTS)('%s', async (moment) => {
      const report = await gradeAndKill(victim, moment);
      expect(report).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'sandbox-failed' } });
      expect(report.reason?.messageForReviewer).toMatch(/was killed from outside|could not be made/);
      const next = await grader.grade({ pack: bench.pack, folder: await bench.project({}) });
      expect([...new Set(Object.values(statuses(next)))]).toEqual(['passed']);
      expect(descendants().filter(({ insideNumber }) => insideNumber !== null)).toEqual([]);
    });
  });
});
