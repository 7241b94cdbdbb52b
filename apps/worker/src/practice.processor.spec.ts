import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { PracticeJob } from '@assay/contracts/practice-job';
import type { PracticeProgress } from '@assay/contracts/practice-progress';
import type { PracticeReport, PracticeReportMessage } from '@assay/contracts/practice-report';
import { PRACTICE_JOBS_QUEUE, PRACTICE_REPORTS_QUEUE } from '@assay/contracts/queues';
import type { Grader } from '@assay/grader/grader';
import type { PracticeRequest } from '@assay/grader/practice/practice';
import { openJobEvents } from '@assay/queue/job-events';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { SAMPLE_PROVENANCE } from '@assay/testing/sample-report';
import { openTestQueueStore, type TestQueueStore } from '@assay/testing/test-queue-store';
import { waitFor } from '@assay/testing/wait-for';
import { pino } from 'pino';
import { ArchiveDownload } from './archive-download';
import { PracticeProcessor } from './practice.processor';
import { TaskPacks } from './task-packs';

const PACKS = path.join(__dirname, '..', '..', '..', 'libs', 'grader');
const SETTINGS = { attempts: 2, backoffMs: 50, backoffJitter: 0, lockMs: 2_000, stalledCheckMs: 500 };
const { runtimeLockHash, python, sandboxDriver } = SAMPLE_PROVENANCE;
const ARCHIVE = Buffer.from('what the candidate sent');

/** Real: the queue (PostgreSQL engine), the HTTP server of archives, a task pack. Stood in for: the grader, see its own specs. */
describe('the practice processor', () => {
  let store: TestQueueStore;
  let pack: TaskPack;
  let workFolder: string;
  let jobs: JobQueue<typeof PRACTICE_JOBS_QUEUE>;
  let reports: JobQueue<typeof PRACTICE_REPORTS_QUEUE>;
  let collector: JobWorker<typeof PRACTICE_REPORTS_QUEUE>;
  let received: PracticeReportMessage[] = [];
  let worker: JobWorker<typeof PRACTICE_JOBS_QUEUE> | null = null;
  let server: Server;
  let serve: (response: ServerResponse) => void;

  beforeAll(async () => {
    workFolder = mkdtempSync(path.join(os.tmpdir(), 'assay-spec-'));
    pack = await loadTaskPack(path.join(PACKS, 'fixtures', 'tiny-notes'));
    store = await openTestQueueStore('postgres');
    await prepareQueueStore(store.url);
    const options = { onError: () => undefined, settings: SETTINGS };
    jobs = await openQueue(PRACTICE_JOBS_QUEUE, store.url, options);
    reports = await openQueue(PRACTICE_REPORTS_QUEUE, store.url, options);
    const collect = { workerName: 'api', concurrency: 1, onNotice: () => undefined };
    collector = await openWorker(PRACTICE_REPORTS_QUEUE, store.url, async ({ payload }) => void received.push(payload), collect);
    server = createServer((_request, response) => serve(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await collector.close(0);
    await Promise.all([jobs.close(), reports.close()]);
    await store.drop();
    rmSync(workFolder, { recursive: true });
  });
  beforeEach(() => {
    received = [];
    serve = (response) => response.end(ARCHIVE);
  });
  afterEach(async () => {
    await worker?.close(0);
    worker = null;
  });

  function newJob(): PracticeJob {
    return {
      version: 1,
      runId: randomUUID(),
      organisationId: randomUUID(),
      requestedAt: '2026-11-22T12:00:00.000Z',
      pack: { slug: pack.slug, version: pack.version, contentHash: pack.contentHash },
      archive: {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`,
        token: 'run-token-secret',
        sha256: createHash('sha256').update(ARCHIVE).digest('hex'),
        bytes: ARCHIVE.length,
      },
    };
  }

  function reportOf(outcome: PracticeReport['outcome']): PracticeReport {
    return {
      version: 1,
      outcome,
      reason: outcome === 'finished' ? null : { code: 'sandbox-broke', message: 'Our fault.' },
      faultDetail: outcome === 'infra_fault' ? 'the sandbox broke' : null,
      checks: [],
      unlistedChecks: 0,
      output: '',
      provenance: { pack: newJob().pack, graderVersion: '1', runtimeLockHash, python, sandboxDriver },
      timings: { queueMs: null, startMs: 1, totalMs: 2 },
    };
  }

  /** Starts a worker whose grader is `practice`. */
  async function start(practice: (request: PracticeRequest, time: number) => Promise<PracticeReport>): Promise<void> {
    let times = 0;
    const grader: Grader = {
      grade: () => Promise.reject(new Error('no grades here')),
      practice: (request) => {
        times += 1;
        return practice(request, times);
      },
      prepare: async () => undefined,
      close: async () => undefined,
    };
    const processor = new PracticeProcessor(
      new ArchiveDownload({ archiveOrigin: null }),
      new TaskPacks({ taskPacks: PACKS }),
      { grader, surroundings: SAMPLE_PROVENANCE },
      reports,
      workFolder,
      pino({ level: 'silent' }),
    );
    worker = await openWorker(PRACTICE_JOBS_QUEUE, store.url, (job) => processor.process(job), {
      workerName: 'spec',
      concurrency: 1,
      settings: SETTINGS,
      onNotice: () => undefined,
      onGivenUp: (payload, reason) => processor.giveUp(payload, reason),
    });
  }

  async function run(job = newJob()): Promise<PracticeReport> {
    await jobs.addJob(job);
    const find = () => received.find(({ runId }) => runId === job.runId);
    await waitFor(() => find() !== undefined, { what: 'the report' });
    return (find() as PracticeReportMessage).report;
  }

  it('hands pack and archive to the grader, tells its progress, and leaves no file', async () => {
    const told: PracticeProgress[] = [];
    const events = await openJobEvents(PRACTICE_JOBS_QUEUE, store.url, {
      onStarted: () => undefined,
      onProgress: (_jobId, progress) => told.push(progress),
      onError: () => undefined,
    });
    const steps = [{ id: 'a', outcome: 'passed' as const, durationMs: 1 }];
    await start(async (request) => {
      expect(request).toMatchObject({ pack: { slug: 'tiny-notes' }, archivePath: expect.stringContaining(workFolder) });
      for (const done of [1, 2, 3]) request.onPhase?.({ phase: 'checking', done, total: 3, steps });
      return reportOf('finished');
    });
    expect(await run()).toMatchObject({ outcome: 'finished' });
    await waitFor(() => told.some((progress) => progress.phase === 'checking'), { what: 'the progress' });
    // The newest of those that came at once, and nothing older after it.
    expect(told.at(-1)).toEqual({ phase: 'checking', done: 3, total: 3, steps });
    expect(readdirSync(workFolder)).toEqual([]);
    await events.close();
  });

  it('tries again after a fault of ours, and says so when none is left', async () => {
    await start(async (_request, time) => reportOf(time === 1 ? 'infra_fault' : 'finished'));
    expect((await run()).outcome).toBe('finished');
    await worker?.close(0);
    await start(async () => reportOf('infra_fault'));
    expect(await run()).toMatchObject({ outcome: 'infra_fault', faultDetail: 'the sandbox broke' });
  });

  it.each<[string, (response: ServerResponse) => void, Partial<PracticeJob>, string]>([
    ['another archive than the one announced', (response) => response.end('another'), {}, 'archive-mismatch'],
    ['no archive', (response) => response.writeHead(500).end(), {}, 'archive-refused'],
    [
      'another pack',
      (response) => response.end(ARCHIVE),
      { pack: { slug: 'tiny-notes', version: '1.0.0', contentHash: '0'.repeat(64) } },
      'pack-differs',
    ],
  ])('never runs %s: that is our fault', async (_what, answer, changes, code) => {
    serve = answer;
    await start(async () => reportOf('finished'));
    const report = await run({ ...newJob(), ...changes });
    expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code } });
    expect(report.reason?.message).not.toContain('http');
    expect(readdirSync(workFolder)).toEqual([]);
  });

  it('runs nothing for a run that is over', async () => {
    serve = (response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'not-found' }));
    };
    let ran = false;
    await start(async () => {
      ran = true;
      return reportOf('finished');
    });
    const job = newJob();
    await jobs.addJob(job);
    await waitFor(async () => (await jobs.findJob(job.runId))?.state === 'completed', { what: 'the job is done' });
    expect([ran, received]).toEqual([false, []]);
  });
});
