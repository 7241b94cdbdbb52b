import { descendantsOf, type HostProcess } from '@assay/testing/host-processes';
import { waitFor } from '@assay/testing/wait-for';
import { type Program, SLOW_VIEW, WorkerBench } from '../testing/worker-bench';

jest.setTimeout(180_000);

/** Everything is real, as in worker-process.spec.ts. */
describe('what breaks under a running grade', () => {
  let bench: WorkerBench;
  let program: Program;

  beforeAll(async () => {
    bench = await WorkerBench.open();
    program = await bench.startReady();
  });
  afterAll(() => bench.close());

  const kill = (victim: (process: HostProcess) => boolean): void => {
    const found = descendantsOf(program.child.pid ?? 0).filter(victim);
    expect(found).not.toEqual([]);
    for (const { pid } of found) process.kill(pid, 'SIGKILL');
  };

  it.each<[string, (process: HostProcess) => boolean, string]>([
    ['the database server', ({ name, command }) => name === 'postgres' && command.includes(' -D '), 'grading-database-failed'],
    ['the process that runs the checks', ({ command }) => command.includes('judge-process'), 'judge-failed'],
  ])('%s: the run is tried again after a pause, and its only report is the grade', async (_what, victim, code) => {
    const job = await bench.submit(SLOW_VIEW);
    await bench.checksBegun(program, job);
    kill(victim);
    const failed = await waitFor(async () => {
      const found = await bench.jobs.findJob(job.runId);
      return found?.state === 'delayed' ? found : null;
    });
    expect(failed).toMatchObject({ attemptsMade: 1, failedReason: expect.stringMatching(`^${code}: `) });
    await bench.checksBegun(program, job, 2);
    expect((await bench.reportsOf(job)).map(({ outcome }) => outcome)).toEqual(['graded']);
    await waitFor(async () => (await bench.jobs.findJob(job.runId))?.state === 'completed', { what: 'the job is done' });
    expect(program.child.exitCode).toBeNull();
  });
});
