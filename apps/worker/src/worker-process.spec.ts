import { readdirSync } from 'node:fs';
import { waitFor } from '@assay/testing/wait-for';
import { SLOW_VIEW, WorkerBench } from '../testing/worker-bench';

jest.setTimeout(180_000);

/** Everything is real: the worker's process, queue (PostgreSQL engine), HTTP server of archives, sandbox, grading database. */
describe('the worker process', () => {
  let bench: WorkerBench;

  beforeAll(async () => {
    bench = await WorkerBench.open();
  });
  afterAll(() => bench.close());

  it('grades, survives a kill -9 in the middle of a run, and drains on SIGTERM', async () => {
    const first = await bench.startReady();
    const slow = await bench.submit(SLOW_VIEW);
    await bench.checksBegun(first, slow);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = await bench.startReady({ CONCURRENCY: '2' });
    expect((await bench.reportOf(slow)).outcome).toBe('graded');
    expect(second.output()).toContain('taken-from-dead-worker');
    const good = await bench.submit();
    const report = await bench.reportOf(good);
    expect(report.checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(report.timings.queueMs).not.toBeNull();
    expect(bench.received).toHaveLength(2);
    const metrics = await (await fetch(`${second.health}/metrics`)).text();
    expect(metrics).toContain('grading_runs_total{outcome="graded"} 2');

    const last = await bench.submit(SLOW_VIEW);
    await bench.checksBegun(second, last);
    second.child.kill('SIGTERM');
    await waitFor(async () => (await fetch(`${second.health}/health/ready`)).status === 503, {
      what: 'it is not ready any more',
    });
    // An impatient operator: a second signal changes nothing.
    second.child.kill('SIGTERM');
    const waiting = await bench.submit();
    expect(await second.ended).toBe(0);
    expect((await bench.reportsOf(last)).map(({ outcome }) => outcome)).toEqual(['graded']);
    expect(await bench.jobs.findJob(waiting.runId)).toMatchObject({ state: 'waiting' });
    expect(second.output()).not.toContain('run-token-secret');
    expect(readdirSync(second.tmp)).toEqual([]);
  });

  it('puts back the run that is not done when its time to stop is over', async () => {
    const program = await bench.startReady({ SHUTDOWN_SECONDS: '0' });
    const job = await bench.submit(SLOW_VIEW);
    await waitFor(() => program.output().includes(job.runId), { timeoutMs: 60_000 });
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(await bench.jobs.findJob(job.runId)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
    expect(readdirSync(program.tmp)).toEqual([]);
  });

  it.each([
    ['it knows the platform database', { DATABASE_URL: 'postgres://assay:secret@127.0.0.1/assay' }, 'DATABASE_URL is set'],
    [
      'its queue is not there',
      { QUEUE_URL: 'redis://:secret@127.0.0.1:1/0' },
      'The queue store at redis://127.0.0.1:1/0 cannot be used',
    ],
  ])('does not start when %s, and says why', async (_why, environment, message) => {
    const program = await bench.start(environment);
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain(message);
    expect(program.output()).not.toContain('secret');
  });
});
