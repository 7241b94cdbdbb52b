import { packFiles } from '@assay/archive/pack-folder';
import { openQueue } from '@assay/queue/job-queue';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { TEST_QUEUE_ENGINES } from '@assay/testing/test-queue-store';
import { waitFor } from '@assay/testing/wait-for';
import { type CandidateAtWork, startedCandidate } from './support/candidate-at-work';
import { startTestApi, type TestApi } from './support/test-api';

// Where a waiting run stands. The test stands in for a worker of one slot, on the real queue of both engines.
describe.each(TEST_QUEUE_ENGINES)('a run that waits, on the %s queue', (engine) => {
  let api: TestApi;
  let archive: Buffer;
  let worker: JobWorker<'grading-jobs'> | null = null;
  beforeAll(async () => {
    // What the stand-in has done has no report, and must not be handed over again meanwhile.
    api = await startTestApi({ reconcileSeconds: 600 }, engine);
    archive = await packFiles([{ path: 'manage.py', content: Buffer.from('print(1)\n') }]);
  });
  afterAll(async () => {
    await worker?.close(0);
    await api.close();
  });

  async function submit(): Promise<{ candidate: CandidateAtWork; id: string }> {
    const candidate = await startedCandidate(api);
    const { body } = await candidate.client
      .post('/candidate/evaluation/submissions')
      .attach('archive', archive, 'a.tar.gz')
      .expect(202);
    const waiting = { candidate, id: body.id as string };
    await waitFor(async () => (await read(waiting)).status !== 'received', { what: 'the run is handed over' });
    return waiting;
  }

  async function read({ candidate, id }: { candidate: CandidateAtWork; id: string }) {
    return (await candidate.client.get(`/candidate/evaluation/submissions/${id}`).expect(200)).body;
  }

  it('hears how many are ahead, and how long it takes only once that was measured', async () => {
    const first = await submit();
    const second = await submit();
    const unknown = await waitFor(async () => (await read(second)).queue, { what: 'its place' });
    expect(unknown).toEqual({ ahead: 1, estimate: null });

    let held: (() => void) | null = null;
    let isHolding = false;
    const options = { workerName: 'spec', concurrency: 1, onNotice: () => undefined };
    worker = await openWorker(
      'grading-jobs',
      api.queueStore.url,
      async () => {
        if (isHolding) await new Promise<void>((resolve) => (held = resolve));
      },
      options,
    );
    await submit();
    const jobs = await openQueue('grading-jobs', api.queueStore.url, { onError: () => undefined });
    await waitFor(async () => (await jobs.countJobs()).completed >= 3, { what: 'three runs are done' });
    await jobs.close();

    isHolding = true;
    const busy = await submit();
    await waitFor(() => held !== null, { what: 'the worker is busy' });
    const waiting = [await submit(), await submit()];
    const standings = await waitFor(
      async () => {
        const found = await Promise.all(waiting.map(async (run) => (await read(run)).queue));
        return found.every((queue) => queue?.estimate) ? found : null;
      },
      { what: 'an estimate' },
    );
    const estimate = { fromSeconds: expect.any(Number), toSeconds: expect.any(Number) };
    expect(standings).toEqual([
      { ahead: 0, estimate },
      { ahead: 1, estimate },
    ]);
    for (const { estimate: of } of standings) expect(of.fromSeconds).toBeLessThanOrEqual(of.toSeconds);

    // Whoever follows hears it too; who is at work, or done, stands nowhere.
    const last = waiting[1] as { candidate: CandidateAtWork; id: string };
    const stop = new AbortController();
    const stream = await fetch(`${api.url}/api/v1/candidate/evaluation/submissions/${last.id}/events`, {
      headers: { Authorization: `Bearer ${last.candidate.client.token}` },
      signal: stop.signal,
    });
    let told = '';
    for await (const chunk of stream.body ?? []) {
      told += Buffer.from(chunk).toString();
      if (/"queue":\{"ahead":1,.*\n/.test(told)) break;
    }
    expect(told).toContain('"queue":{"ahead":1,');
    stop.abort();
    expect((await read(busy)).queue).toBeNull();
    expect((await read(first)).queue).toBeNull();
    isHolding = false;
    (held as (() => void) | null)?.();
  });
});
