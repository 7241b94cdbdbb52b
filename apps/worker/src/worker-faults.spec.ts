import { readdirSync } from 'node:fs';
import { descendantsOf, type HostProcess, isProject } from '@assay/testing/host-processes';
import { waitFor } from '@assay/testing/wait-for';
import { type Program, SLOW_VIEW, WorkerBench } from '../testing/worker-bench';

jest.setTimeout(180_000);

/** Everything is real, as in worker-process.spec.ts. Other processes that are lost: worker-faults.deep.spec.ts. */
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

  it.each<[string, (process: HostProcess) => boolean, string]>([['the sandbox', isProject, 'sandbox-failed']])(
    '%s: the run is tried again after a pause, and its only report is the grade',
    async (_what, victim, code) => {
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
    },
  );

  it('a second signal, and then SIGKILL while it drains: the run comes back, with one report', async () => {
    const job = await bench.submit(SLOW_VIEW);
    await bench.checksBegun(program, job);
    program.child.kill('SIGTERM');
    await waitFor(() => program.output().includes('Stopping'));
    program.child.kill('SIGINT');
    program.child.kill('SIGKILL');
    await program.ended;
    const left = program;
    program = await bench.startReady();
    expect((await bench.reportsOf(job)).map(({ outcome }) => outcome)).toEqual(['graded']);
    expect(program.output()).toContain('taken-from-dead-worker');
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(readdirSync(program.tmp)).toEqual([]);
    // Nothing of the killed one lives on.
    expect(descendantsOf(left.child.pid ?? 0)).toEqual([]);
    expect(bench.received.filter(({ runId }) => runId === job.runId)).toHaveLength(1);
  });
});
