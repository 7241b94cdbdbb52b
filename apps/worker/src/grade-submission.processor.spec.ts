import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { GradingJob } from '@assay/contracts/grading-job';
import type { GradingReport, GradingReportMessage } from '@assay/contracts/grading-report';
import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import type { GradeRequest, Grader } from '@assay/grader/grader';
import { flushQueueStore } from '@assay/queue/flush-queue-store';
import { type JobEvents, openJobEvents } from '@assay/queue/job-events';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { SAMPLE_PROVENANCE } from '@assay/testing/sample-report';
import { testPostgresUrl } from '@assay/testing/test-postgres';
import { waitFor } from '@assay/testing/wait-for';
import { Client } from 'pg';
import { pino } from 'pino';
import { ArchiveDownload } from './archive-download';
import { faultReport } from './fault-report';
import { GradeSubmissionProcessor } from './grade-submission.processor';
import { WorkerMetrics } from './metrics';
import { TaskPacks } from './task-packs';

const PACKS = path.join(__dirname, '..', '..', '..', 'libs', 'grader');
const SETTINGS = { attempts: 2, backoffMs: 50, backoffJitter: 0, lockMs: 2_000, stalledCheckMs: 500 };
const SURROUNDINGS = {
  ...SAMPLE_PROVENANCE,
  runtimeLockHash: 'c'.repeat(64),
  python: '3.11.2',
  sandboxDriver: 'bubblewrap',
};
const ARCHIVE = Buffer.from('what the candidate handed in');

/**
 * Real: the queue (PostgreSQL engine; the queue's own contract suite covers Redis), the HTTP server of archives, a task pack.
 * Stood in for: the grader, which has specs of its own with a real sandbox; worker-process.spec.ts runs all together.
 */
describe('the processor', () => {
  let pack: TaskPack;
  let workFolder: string;
  let url: string;
  let dropDatabase: () => Promise<void>;
  let jobs: JobQueue<typeof GRADING_JOBS_QUEUE>;
  let reports: JobQueue<typeof GRADING_REPORTS_QUEUE>;
  let received: GradingReportMessage[];
  let collector: JobWorker<typeof GRADING_REPORTS_QUEUE>;
  let server: Server;
  let serve: (request: IncomingMessage, response: ServerResponse) => void;
  let asked: (string | undefined)[];
  let logged: string;
  let metrics: WorkerMetrics;
  let graded: GradeRequest[];
  let worker: JobWorker<typeof GRADING_JOBS_QUEUE> | null;
  let events: JobEvents | null;

  beforeAll(async () => {
    workFolder = mkdtempSync(path.join(os.tmpdir(), 'assay-spec-'));
    pack = await loadTaskPack(path.join(PACKS, 'fixtures', 'tiny-notes'));
    const cluster = await testPostgresUrl();
    const name = `worker_${randomBytes(6).toString('hex')}`;
    const administer = async (sql: string) => {
      const client = new Client({ connectionString: cluster });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    await administer(`CREATE DATABASE ${name}`);
    dropDatabase = () => administer(`DROP DATABASE ${name} WITH (FORCE)`);
    url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href;
    await prepareQueueStore(url);
    const options = { onError: () => undefined, settings: SETTINGS };
    jobs = await openQueue(GRADING_JOBS_QUEUE, url, options);
    reports = await openQueue(GRADING_REPORTS_QUEUE, url, options);
    const collect = { workerName: 'api', concurrency: 1, onNotice: () => undefined };
    collector = await openWorker(GRADING_REPORTS_QUEUE, url, async ({ payload }) => void received.push(payload), collect);
    server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      serve(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await collector.close(0);
    await Promise.all([jobs.close(), reports.close()]);
    await dropDatabase();
    rmSync(workFolder, { recursive: true });
  });
  beforeEach(async () => {
    await flushQueueStore(url);
    [received, asked, graded, logged, worker, events] = [[], [], [], '', null, null];
    metrics = new WorkerMetrics();
    serve = (_request, response) => response.end(ARCHIVE);
  });
  afterEach(async () => {
    await worker?.close(0);
    await events?.close();
  });

  function newJob(changes: { archive?: Partial<GradingJob['archive']>; pack?: Partial<GradingJob['pack']> } = {}): GradingJob {
    const { port } = server.address() as AddressInfo;
    const sha256 = createHash('sha256').update(ARCHIVE).digest('hex');
    const archive = { url: `http://127.0.0.1:${port}/archive`, token: 'run-token-secret', sha256, bytes: ARCHIVE.length };
    return {
      version: 1,
      runId: randomUUID(),
      organisationId: randomUUID(),
      submissionId: randomUUID(),
      requestedAt: '2026-11-22T12:00:00.000Z',
      pack: { slug: pack.slug, version: pack.version, contentHash: pack.contentHash, ...changes.pack },
      archive: { ...archive, ...changes.archive },
    };
  }

  function reportFor(job: GradingJob, outcome: GradingReport['outcome']): GradingReport {
    const fault = faultReport(job, SURROUNDINGS, { code: 'sandbox-broke', message: 'the sandbox broke' });
    return { ...fault, outcome, reason: outcome === 'graded' ? null : fault.reason };
  }

  /** Starts a worker whose grader is `grade`. */
  async function start(
    grade: (request: GradeRequest, attempt: number) => Promise<GradingReport>,
    archiveOrigin: string | null = null,
  ) {
    const grader: Grader = {
      grade: (request) => {
        graded.push(request);
        return grade(request, graded.length);
      },
      practice: async () => {
        throw new Error('no practice here');
      },
      prepare: async () => undefined,
      close: async () => undefined,
    };
    const output = new PassThrough();
    output.on('data', (chunk: Buffer) => {
      logged += chunk.toString();
    });
    const processor = new GradeSubmissionProcessor(
      new ArchiveDownload({ archiveOrigin }),
      new TaskPacks({ taskPacks: PACKS }),
      { grader, surroundings: SURROUNDINGS },
      reports,
      metrics,
      workFolder,
      pino(output),
    );
    worker = await openWorker(GRADING_JOBS_QUEUE, url, (job) => processor.process(job), {
      workerName: 'spec',
      concurrency: 1,
      settings: SETTINGS,
      onNotice: () => undefined,
      onGivenUp: (payload, reason) => processor.giveUp(payload, reason),
    });
  }

  async function reportOf(job: GradingJob): Promise<GradingReportMessage> {
    return waitFor(() => received.find((message) => message.runId === job.runId), { what: 'the report arrives' });
  }

  async function finished(job: GradingJob): Promise<string> {
    return waitFor(async () => {
      const state = (await jobs.findJob(job.runId))?.state ?? '';
      return state === 'completed' || state === 'failed' ? state : null;
    });
  }

  it('fetches, grades, reports, and says where it is', async () => {
    const job = newJob();
    const seen: unknown[] = [];
    const onProgress = (runId: string, progress: unknown) => void (runId === job.runId && seen.push(progress));
    events = await openJobEvents(GRADING_JOBS_QUEUE, url, { onStarted: () => undefined, onProgress, onError: () => undefined });
    let archive: Buffer | null = null;
    await start(async (request) => {
      archive = readFileSync((request as { archivePath: string }).archivePath);
      request.onPhase?.({ phase: 'starting' });
      request.onPhase?.({ phase: 'checking', done: 1, total: 4 });
      return reportFor(job, 'graded');
    });
    await jobs.addJob(job);
    const message = await reportOf(job);
    expect(message).toEqual({
      version: 1,
      runId: job.runId,
      organisationId: job.organisationId,
      report: reportFor(job, 'graded'),
    });
    expect(await finished(job)).toBe('completed');
    expect(archive).toEqual(ARCHIVE);
    expect(graded).toMatchObject([{ pack: { contentHash: pack.contentHash }, requestedAt: job.requestedAt }]);
    expect(asked).toEqual(['Bearer run-token-secret']);
    await waitFor(() => seen.length >= 2);
    expect(seen.slice(-3)).toEqual(
      [{ phase: 'starting' }, { phase: 'checking', done: 1, total: 4 }, { phase: 'reporting' }].slice(-seen.length),
    );
    expect(await metrics.registry.getSingleMetricAsString('grading_runs_total')).toContain(
      'grading_runs_total{outcome="graded"} 1',
    );
    const lines = logged
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { runId?: string });
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.every((line) => line.runId === job.runId)).toBe(true);
    expect(logged).not.toContain('run-token-secret');
    expect(readdirSync(workFolder)).toEqual([]);
  });

  it('reports what is wrong with a submission after one attempt', async () => {
    const job = newJob();
    await start(async () => reportFor(job, 'ungradable'));
    await jobs.addJob(job);
    expect((await reportOf(job)).report.outcome).toBe('ungradable');
    expect(graded).toHaveLength(1);
  });

  it('tries an infrastructure fault again and reports only the grade', async () => {
    const job = newJob();
    await start(async (_request, attempt) => reportFor(job, attempt === 1 ? 'infra_fault' : 'graded'));
    await jobs.addJob(job);
    expect((await reportOf(job)).report.outcome).toBe('graded');
    expect(await finished(job)).toBe('completed');
    expect(received).toHaveLength(1);
    expect(graded).toHaveLength(2);
  });

  it('reports an infrastructure fault when it was the last attempt', async () => {
    const job = newJob();
    await start(async () => reportFor(job, 'infra_fault'));
    await jobs.addJob(job);
    expect((await reportOf(job)).report).toMatchObject({ outcome: 'infra_fault', reason: { code: 'sandbox-broke' } });
    expect(await finished(job)).toBe('completed');
    expect(graded).toHaveLength(2);
  });

  it('turns a report that nobody could read into a fault that a person sees', async () => {
    const job = newJob();
    await start(async () => ({ ...reportFor(job, 'graded'), score: 100 }) as GradingReport);
    await jobs.addJob(job);
    const { report } = await reportOf(job);
    expect(report).toMatchObject({ outcome: 'infra_fault', reason: { code: 'run-given-up' } });
    expect(report.reason?.messageForReviewer).toContain('Unrecognized key: "score"');
    expect(await finished(job)).toBe('failed');
  });

  it('does nothing for a run that the API says is over', async () => {
    const job = newJob();
    serve = (_request, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json; charset=utf-8' });
      response.end(JSON.stringify({ status: 404, code: 'not-found' }));
    };
    await start(async () => reportFor(job, 'graded'));
    await jobs.addJob(job);
    expect(await finished(job)).toBe('completed');
    expect([graded, received]).toEqual([[], []]);
  });

  const broken: [string, (job: () => GradingJob) => GradingJob, ((response: ServerResponse) => void) | null, string][] = [
    [
      'another archive',
      (job) => job(),
      (response) => response.end(Buffer.from('what the candidate sent later')),
      'archive-mismatch',
    ],
    ['a shorter archive', (job) => job(), (response) => response.end(ARCHIVE.subarray(1)), 'archive-mismatch'],
    [
      'an endless archive',
      (job) => job(),
      (response) => void setInterval(() => response.write(ARCHIVE), 5).unref(),
      'archive-mismatch',
    ],
    ['a refused token', (job) => job(), (response) => response.writeHead(401).end(), 'archive-refused'],
    ['a 404 of another server', (job) => job(), (response) => response.writeHead(404).end('nothing here'), 'archive-refused'],
    [
      'a redirect',
      (job) => job(),
      (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'archive-unreachable',
    ],
    ['a broken connection', (job) => job(), (response) => void response.destroy(), 'archive-unreachable'],
  ];
  it.each(broken)('reports %s as a fault of the platform', async (_what, change, answer, code) => {
    const job = change(() => newJob());
    serve = (_request, response) => answer?.(response);
    await start(async () => reportFor(job, 'graded'));
    await jobs.addJob(job);
    const { report } = await reportOf(job);
    expect(report).toMatchObject({
      outcome: 'infra_fault',
      reason: { code },
      provenance: { submissionHash: job.archive.sha256 },
    });
    expect(report.reason?.messageForReviewer).not.toContain('run-token-secret');
    expect(asked).toHaveLength(2);
    expect(graded).toEqual([]);
  });

  it('fetches from nowhere but the origin it was told', async () => {
    const job = newJob();
    const file = newJob({ archive: { url: 'file:///etc/passwd' } });
    await start(async () => reportFor(job, 'graded'), 'https://api.example.org');
    for (const each of [job, file]) {
      await jobs.addJob(each);
      expect((await reportOf(each)).report.reason?.code).toBe('archive-origin-refused');
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ['it does not have', { slug: 'nothing' }, 'pack-missing'],
    ['outside its folder', { slug: '../fixtures/tiny-notes' }, 'pack-missing'],
    ['of another version', { version: '9.9.9' }, 'pack-differs'],
    ['of another content', { contentHash: 'd'.repeat(64) }, 'pack-differs'],
  ])('does not grade against a pack %s', async (_what, change, code) => {
    const job = newJob({ pack: change });
    await start(async () => reportFor(job, 'graded'));
    await jobs.addJob(job);
    expect((await reportOf(job)).report.reason?.code).toBe(code);
    expect(graded).toEqual([]);
  });

  it('goes on with the next job after each of these, and puts back what it is told to leave', async () => {
    const job = newJob();
    await start(
      ({ signal }) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve(reportFor(job, 'cancelled')))),
    );
    await jobs.addJob(job);
    await waitFor(() => graded.length === 1);
    expect(await worker?.close(50)).toBe('put-back');
    expect(await jobs.findJob(job.runId)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
    expect(received).toEqual([]);
  });
});
