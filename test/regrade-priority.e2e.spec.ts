import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { sampleReport } from '@assay/testing/sample-report';
import { waitFor } from '@assay/testing/wait-for';
import { checksOf, requestRegrade, StandInWorker, type SubmittedWork } from './support/regrading';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';

// Real API, database, Redis and queue worker; the worker's handler writes down the order and hands in reports instead of grading.
const BULK = 20;

let api: TestApi;
let standIn: StandInWorker;
let jobs: JobQueue<typeof GRADING_JOBS_QUEUE>;
let reports: JobQueue<typeof GRADING_REPORTS_QUEUE>;
let openWorkers: JobWorker<typeof GRADING_JOBS_QUEUE>[];

async function open(regradesAtOnce: number): Promise<void> {
  api = await startTestApi({ regradesAtOnce });
  standIn = await StandInWorker.open(api);
  const options = { onError: () => undefined };
  jobs = await openQueue(GRADING_JOBS_QUEUE, api.queueStore.url, options);
  reports = await openQueue(GRADING_REPORTS_QUEUE, api.queueStore.url, options);
  openWorkers = [];
}

afterEach(async () => {
  await Promise.all(openWorkers.map((worker) => worker.close(1_000)));
  await Promise.all([jobs.close(), reports.close(), standIn.close()]);
  await api.close();
});

/** Takes jobs in the order of the queue. `hold` may keep a job for a while. */
async function work(concurrency: number, hold: (runId: string, index: number) => Promise<void>): Promise<string[]> {
  const taken: string[] = [];
  const worker = await openWorker(
    GRADING_JOBS_QUEUE,
    api.queueStore.url,
    async ({ payload: { runId, organisationId } }) => {
      const index = taken.push(runId) - 1;
      await hold(runId, index);
      const report = sampleReport({ checks: checksOf([true]) });
      await reports.replaceJob({ version: 1, runId, organisationId, report });
    },
    { workerName: 'test', concurrency, onNotice: () => undefined },
  );
  openWorkers.push(worker);
  return taken;
}

async function gradedWorks(count: number): Promise<SubmittedWork[]> {
  const works: SubmittedWork[] = [];
  for (let n = 0; n < count; n += 1) works.push(await standIn.submitAndFinish([true]));
  // Their first jobs were never taken.
  await api.queueStore.flush();
  return works;
}

function untilWaiting(count: number): Promise<unknown> {
  return waitFor(async () => (await jobs.countJobs()).waiting === count, { what: `${count} jobs to wait` });
}

async function untilOver(runs: number): Promise<void> {
  await waitFor(
    async () => {
      const [row] = await sql<{ open: number }>(
        api.database.adminUrl,
        'SELECT count(*)::int AS open FROM grading_outbox WHERE settled_at IS NULL',
      );
      return row?.open === 0;
    },
    { what: `${runs} runs to have an outcome`, timeoutMs: 60_000 },
  );
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

it('a submission that comes after 20 regrades is graded next, after the one that runs, also when the queue was lost', async () => {
  await open(BULK);
  const works = await gradedWorks(BULK);
  await requestRegrade(await api.signIn('lead'), works);
  await untilWaiting(BULK);

  const running = gate();
  const taken = await work(1, (_, index) => (index === 0 ? running.opened : Promise.resolve()));
  await waitFor(() => taken.length === 1, { what: 'the first regrade to run' });
  const first = await standIn.submit();
  await untilWaiting(BULK);
  running.open();
  await waitFor(() => taken.includes(first.runId), { what: 'the submission to be taken' });
  expect(taken.indexOf(first.runId)).toBe(1);
  await untilOver(BULK + 1);
  expect(new Set(taken).size).toBe(BULK + 1);
  await Promise.all(openWorkers.splice(0).map((worker) => worker.close(1_000)));

  const again = await requestAgain(works);
  await untilWaiting(BULK);
  const second = await standIn.submit();
  await untilWaiting(BULK + 1);
  await api.queueStore.flush();
  await untilWaiting(BULK + 1);
  const order = await work(1, () => Promise.resolve());
  await untilOver(BULK + 1);
  expect(order[0]).toBe(second.runId);
  expect(new Set(order)).toEqual(new Set([second.runId, ...again]));
}, 120_000);

/** Decides on what is there and asks once more. Gives the ids of the new runs. */
async function requestAgain(works: readonly SubmittedWork[]): Promise<string[]> {
  const lead = await api.signIn('lead');
  const { body } = await lead.get('/regrades').expect(200);
  await lead.post(`/regrades/${body.items[0].id}/decision`, { decision: 'reject', reason: 'x' }).expect(200);
  const { runOf } = await requestRegrade(lead, works);
  return works.map(runOf);
}

it('few regrades are on the queue at a time, so that other slots are free for a submission at once', async () => {
  await open(1);
  const works = await gradedWorks(4);
  const { runOf } = await requestRegrade(await api.signIn('lead'), works);
  const regrades = new Set(works.map(runOf));
  await untilWaiting(1);

  const running = gate();
  const waiting: number[] = [];
  const taken = await work(2, async (runId, index) => {
    waiting.push((await jobs.countJobs()).waiting);
    if (index === 0) await running.opened;
    if (!regrades.has(runId)) running.open();
  });
  await waitFor(() => taken.length === 1, { what: 'the first regrade to run' });
  const live = await standIn.submit();
  await untilOver(5);
  expect(taken[1]).toBe(live.runId);
  expect(new Set(taken)).toEqual(new Set([live.runId, ...regrades]));
  expect(waiting.every((count) => count === 0)).toBe(true);
}, 60_000);
