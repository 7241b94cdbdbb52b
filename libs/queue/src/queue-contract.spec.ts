import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { GradingJob } from '@assay/contracts/grading-job';
import type { GradingProgress } from '@assay/contracts/grading-progress';
import { GRADING_JOBS_QUEUE } from '@assay/contracts/queues';
import { testPostgresUrl } from '@assay/testing/test-postgres';
import { testRedisUrl } from '@assay/testing/test-redis';
import { waitFor } from '@assay/testing/wait-for';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { flushQueueStore } from './flush-queue-store';
import { type JobEvents, openJobEvents } from './job-events';
import { type JobQueue, openQueue } from './job-queue';
import { type JobHandler, type JobWorker, openWorker, type WorkerNotice, type WorkerOpenOptions } from './job-worker';
import { prepareQueueStore } from './prepare-queue-store';
import { createEngineQueue, queueConnection } from './queue-connection';
import type { QueueSettings } from './queue-settings';

type Jobs = typeof GRADING_JOBS_QUEUE;

/** The product's settings but for times, so that a dead worker is noticed soon. */
const FAST: Partial<QueueSettings> = {
  attempts: 3,
  backoffMs: 300,
  backoffJitter: 0,
  lockMs: 1_000,
  stalledCheckMs: 300,
  maxTakeovers: 1,
};

interface Store {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

/** A Redis database that no other spec uses at the same time. @throws on a machine without Redis */
async function redisStore(): Promise<Store> {
  const server = await testRedisUrl();
  if (server === null)
    throw new Error('No Redis to test on. Install redis-server, or set ASSAY_TEST_REDIS_URL to a running one.');
  const url = new URL(server);
  url.pathname = '/7';
  await flushQueueStore(url.href);
  return { url: url.href, remove: () => flushQueueStore(url.href) };
}

async function postgresStore(): Promise<Store> {
  const server = new URL(await testPostgresUrl());
  const name = `queue_${randomBytes(6).toString('hex')}`;
  const administer = async (sql: string) => {
    const client = new Client({ connectionString: server.href });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

function newJob(): GradingJob {
  return {
    version: 1,
    runId: randomUUID(),
    organisationId: randomUUID(),
    submissionId: randomUUID(),
    requestedAt: '2026-11-22T12:00:00.000Z',
    pack: { slug: 'bookshop', version: '1.0.0', contentHash: 'a'.repeat(64) },
    archive: { url: 'http://127.0.0.1:1/archive', token: 'secret-token', sha256: 'b'.repeat(64), bytes: 7 },
  };
}

/** A promise that is settled from outside. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

// The runner sets the variable to nothing on a machine without Redis, after having said so.
const engines = process.env.ASSAY_TEST_REDIS_URL === '' ? (['postgres'] as const) : (['redis', 'postgres'] as const);

describe.each(engines)('the queue on %s', (engine) => {
  let store: Store;
  let queue: JobQueue<Jobs>;
  let notices: WorkerNotice[];
  let openWorkers: JobWorker<Jobs>[];
  let children: ChildProcess[];

  beforeAll(async () => {
    store = await (engine === 'redis' ? redisStore() : postgresStore());
    await Promise.all([prepareQueueStore(store.url), prepareQueueStore(store.url)]);
    queue = await openQueue(GRADING_JOBS_QUEUE, store.url, { onError: () => undefined, settings: FAST });
  });
  afterAll(async () => {
    await queue?.close();
    await store?.remove();
  });
  beforeEach(async () => {
    await flushQueueStore(store.url);
    notices = [];
    openWorkers = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(openWorkers.map((worker) => worker.close(0)));
  });

  async function work(handler: JobHandler<Jobs>, options: Partial<WorkerOpenOptions<Jobs>> = {}): Promise<JobWorker<Jobs>> {
    const worker = await openWorker(GRADING_JOBS_QUEUE, store.url, handler, {
      workerName: 'spec',
      concurrency: 1,
      onNotice: (notice) => notices.push(notice),
      settings: FAST,
      ...options,
    });
    openWorkers.push(worker);
    return worker;
  }

  function stateOf(job: GradingJob): Promise<string | null> {
    return queue.findJob(job.runId).then((found) => found?.state ?? null);
  }

  function reach(job: GradingJob, state: string | null): Promise<unknown> {
    return waitFor(async () => (await stateOf(job)) === state, { what: `the job is ${state}` });
  }

  /** A worker process of our own, holding `job`. */
  async function holdInAnotherProcess(job: GradingJob): Promise<ChildProcess> {
    const folder = join(__dirname, '..', 'testing');
    const child = spawn(process.execPath, [join(folder, 'run-typescript.cjs'), join(folder, 'hanging-worker.ts')], {
      env: { PATH: process.env.PATH, QUEUE_URL: store.url, SETTINGS: JSON.stringify(FAST) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await waitFor(() => output.includes(`took ${job.runId}`), { what: 'the other process takes the job' });
    return child;
  }

  it('runs a job once, however often it is added', async () => {
    const job = newJob();
    await Promise.all([queue.addJob(job), queue.addJob(job), queue.addJob(job)]);
    expect(await queue.countJobs()).toMatchObject({ waiting: 1 });
    const taken: GradingJob[] = [];
    await work(async ({ payload }) => {
      taken.push(payload);
    });
    await reach(job, 'completed');
    await queue.addJob(job);
    const last = newJob();
    await queue.addJob(last);
    await reach(last, 'completed');
    expect(taken).toEqual([job, last]);
  });

  it('takes jobs by priority, and by age within one', async () => {
    const [regrade, first, second, urgent] = [newJob(), newJob(), newJob(), newJob()];
    await queue.addJob(regrade, 'last');
    await queue.addJob(first);
    await queue.addJob(second);
    await queue.addJob(urgent, 'first');
    const taken: string[] = [];
    await work(async ({ payload }) => {
      taken.push(payload.runId);
    });
    await reach(regrade, 'completed');
    expect(taken).toEqual([urgent, first, second, regrade].map((job) => job.runId));
  });

  it('tells the line in the order in which jobs are taken, who is at work, and how long the last ones took', async () => {
    const [done, regrade, first, second] = [newJob(), newJob(), newJob(), newJob()];
    expect(await queue.lineUp(10, 5)).toEqual({ waiting: [], active: 0, recentMs: [] });
    const held = gate();
    const free = gate();
    await queue.addJob(done);
    await work(async ({ payload }) => {
      if (payload.runId === done.runId) return;
      held.open();
      await free.opened;
    });
    await reach(done, 'completed');
    const busy = newJob();
    await queue.addJob(busy);
    await held.opened;
    await queue.addJob(regrade, 'last');
    await queue.addJob(first);
    await queue.addJob(second);
    const line = await queue.lineUp(10, 5);
    expect(line.waiting).toEqual([first, second, regrade].map((job) => job.runId));
    expect(line).toMatchObject({ active: 1, recentMs: [expect.any(Number)] });
    expect((await queue.lineUp(2, 5)).waiting).toEqual([first, second].map((job) => job.runId));
    free.open();
    await reach(regrade, 'completed');
  });

  it('tries a failed job again after a pause, and lets others go first', async () => {
    const [failing, other] = [newJob(), newJob()];
    const taken: [string, number, boolean][] = [];
    const failed = gate();
    await queue.addJob(failing);
    await work(async ({ payload, attempt, isLastAttempt }) => {
      taken.push([payload.runId, attempt, isLastAttempt]);
      if (payload.runId === failing.runId && attempt < 3) {
        failed.open();
        throw new Error(`attempt ${attempt} failed`);
      }
    });
    await failed.opened;
    await reach(failing, 'delayed');
    expect(await queue.findJob(failing.runId)).toMatchObject({ attemptsMade: 1, failedReason: 'attempt 1 failed' });
    await queue.addJob(other);
    await reach(failing, 'completed');
    expect(taken).toEqual([
      [failing.runId, 1, false],
      [other.runId, 1, false],
      [failing.runId, 2, false],
      [failing.runId, 3, true],
    ]);
    expect(notices).toEqual([
      { kind: 'attempt-failed', jobId: failing.runId, reason: 'attempt 1 failed', attempt: 1 },
      { kind: 'attempt-failed', jobId: failing.runId, reason: 'attempt 2 failed', attempt: 2 },
    ]);
  });

  it('gives a job up after its attempts, says so, and takes it again when it is replaced', async () => {
    const job = newJob();
    const givenUp: [GradingJob, string][] = [];
    let attempts = 0;
    await queue.addJob(job);
    const handler: JobHandler<Jobs> = async () => {
      attempts += 1;
      if (attempts <= 3) throw new Error('no sandbox');
    };
    await work(handler, {
      onGivenUp: async (payload, reason) => {
        givenUp.push([payload, reason]);
      },
    });
    await reach(job, 'failed');
    await waitFor(() => givenUp.length === 1);
    expect(givenUp).toEqual([[job, 'no sandbox']]);
    expect(await queue.findJob(job.runId)).toEqual({ state: 'failed', attemptsMade: 3, failedReason: 'no sandbox' });
    await queue.addJob(job);
    expect(await stateOf(job)).toBe('failed');
    expect(await queue.replaceJob(job)).toBe(true);
    await reach(job, 'completed');
    expect(await queue.replaceJob(job)).toBe(true);
    await reach(job, 'completed');
    expect(attempts).toBe(5);
  });

  it('leaves a waiting or running job alone when it is replaced', async () => {
    const [running, waiting] = [newJob(), newJob()];
    const release = gate();
    let taken = 0;
    await queue.addJob(running);
    await work(async () => {
      taken += 1;
      await release.opened;
    });
    await reach(running, 'active');
    await queue.addJob(waiting);
    expect(await queue.replaceJob(running)).toBe(false);
    expect(await queue.replaceJob(waiting)).toBe(false);
    release.open();
    await reach(waiting, 'completed');
    expect(taken).toBe(2);
  });

  it('hands the job of a killed worker process to another worker, on the same attempt', async () => {
    const job = newJob();
    await queue.addJob(job);
    const child = await holdInAnotherProcess(job);
    child.kill('SIGKILL');
    const attempts: number[] = [];
    await work(async ({ attempt }) => {
      attempts.push(attempt);
    });
    await reach(job, 'completed');
    expect(attempts).toEqual([1]);
    expect(notices).toEqual([{ kind: 'taken-from-dead-worker', jobId: job.runId }]);
  });

  it('leaves the job of a living worker with it beyond the duration of its lock', async () => {
    const job = newJob();
    await queue.addJob(job);
    await holdInAnotherProcess(job);
    let taken = 0;
    await work(async () => {
      taken += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(taken).toBe(0);
    expect(await stateOf(job)).toBe('active');
  });

  it('gives up a job that was found on dead workers too often', async () => {
    const job = newJob();
    const givenUp: string[] = [];
    await queue.addJob(job);
    (await holdInAnotherProcess(job)).kill('SIGKILL');
    (await holdInAnotherProcess(job)).kill('SIGKILL');
    let taken = 0;
    const handler: JobHandler<Jobs> = async () => {
      taken += 1;
    };
    await work(handler, {
      onGivenUp: async (payload) => {
        givenUp.push(payload.runId);
      },
    });
    await reach(job, 'failed');
    await waitFor(() => givenUp.length === 1);
    expect(givenUp).toEqual([job.runId]);
    expect(taken).toBe(0);
  });

  it('fails a malformed message at once with its reason and goes on with the next', async () => {
    const raw = createEngineQueue(queueConnection(store.url), GRADING_JOBS_QUEUE, {});
    const good = newJob();
    const { token: _token, ...archive } = good.archive;
    const bad: [string, unknown, string][] = [
      ['not-an-object', 'grade this', '(message): Invalid input'],
      ['unknown-field', { ...good, score: 100 }, 'Unrecognized key: "score"'],
      ['missing-field', { ...good, archive }, 'archive.token'],
      [randomUUID(), good, 'is not its run id'],
    ];
    for (const [jobId, data] of bad) await raw.add(GRADING_JOBS_QUEUE, data, { jobId, attempts: 3 });
    await raw.close();
    await queue.addJob(good);
    const taken: string[] = [];
    const givenUp: string[] = [];
    const handler: JobHandler<Jobs> = async ({ payload }) => {
      taken.push(payload.runId);
    };
    await work(handler, {
      onGivenUp: async (payload) => {
        givenUp.push(payload.runId);
      },
    });
    await reach(good, 'completed');
    for (const [jobId, , reason] of bad) {
      const found = await queue.findJob(jobId);
      expect(found).toMatchObject({ state: 'failed', failedReason: expect.stringContaining(reason) });
      expect(found?.failedReason).not.toContain('secret-token');
    }
    expect(notices.filter((notice) => notice.kind === 'malformed')).toHaveLength(bad.length);
    expect(taken).toEqual([good.runId]);
    await expect(queue.addJob({ ...good, runId: 'x' })).rejects.toThrow('Malformed message on queue grading-jobs: runId');
  });

  it('loses everything in a flush; what is added again is done by the same worker', async () => {
    const [waiting, running] = [newJob(), newJob()];
    const release = gate();
    const taken: string[] = [];
    await queue.addJob(running, 'first');
    await work(async ({ payload }) => {
      taken.push(payload.runId);
      if (taken.length === 1) await release.opened;
    });
    await reach(running, 'active');
    await queue.addJob(waiting);
    await flushQueueStore(store.url);
    expect(await queue.findJob(running.runId)).toBeNull();
    expect(await queue.findJob(waiting.runId)).toBeNull();
    release.open();
    expect(await queue.replaceJob(waiting)).toBe(true);
    await reach(waiting, 'completed');
    expect(await queue.replaceJob(running)).toBe(true);
    await reach(running, 'completed');
    expect(taken).toEqual([running.runId, waiting.runId, running.runId]);
  });

  describe('with a listener', () => {
    let events: JobEvents | null = null;
    afterEach(async () => {
      await events?.close();
    });

    it('tells of start and progress, and drops what is no progress', async () => {
      const seen: [string, GradingProgress | 'started'][] = [];
      events = await openJobEvents(GRADING_JOBS_QUEUE, store.url, {
        onStarted: (jobId) => seen.push([jobId, 'started']),
        onProgress: (jobId, progress) => seen.push([jobId, progress]),
        onError: () => undefined,
      });
      const progress = [{ phase: 'fetching' }, { phase: 'starting' }, { phase: 'checking', done: 1, total: 2 }] as const;
      await work(async (received) => {
        await received.reportProgress({ phase: 'dancing' } as unknown as GradingProgress);
        for (const step of progress) await received.reportProgress(step);
      });
      // A listener hears what happens from its first look on, so jobs are sent until one is heard.
      const job = await waitFor(async () => {
        const sent = newJob();
        await queue.addJob(sent);
        await reach(sent, 'completed');
        return seen.some(([jobId]) => jobId === sent.runId) ? sent : null;
      });
      await waitFor(() => seen.filter(([jobId]) => jobId === job.runId).length >= 4);
      expect(seen.filter(([jobId]) => jobId === job.runId).map(([, what]) => what)).toEqual(['started', ...progress]);
    });
  });

  it('waits for the running job when it closes, and takes no other', async () => {
    const [running, waiting] = [newJob(), newJob()];
    const release = gate();
    await queue.addJob(running);
    const worker = await work(() => release.opened);
    await reach(running, 'active');
    await queue.addJob(waiting);
    const closing = worker.close(20_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await stateOf(running)).toBe('active');
    release.open();
    expect(await closing).toBe('drained');
    expect(await stateOf(running)).toBe('completed');
    expect(await stateOf(waiting)).toBe('waiting');
    expect(worker.isRunning).toBe(false);
  });

  it('puts a job that takes too long back when it closes, without counting the attempt', async () => {
    const job = newJob();
    await queue.addJob(job);
    const worker = await work(
      ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted')))),
    );
    await reach(job, 'active');
    expect(await worker.close(100)).toBe('put-back');
    expect(await queue.findJob(job.runId)).toMatchObject({ state: 'waiting', attemptsMade: 0 });
    const attempts: number[] = [];
    await work(async ({ attempt }) => {
      attempts.push(attempt);
    });
    await reach(job, 'completed');
    expect(attempts).toEqual([1]);
  });

  it('interrupts a worker that lost its job', async () => {
    const job = newJob();
    await queue.addJob(job);
    const interrupted = gate();
    await work(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            interrupted.open();
            reject(new Error('interrupted'));
          });
        }),
    );
    await reach(job, 'active');
    await flushQueueStore(store.url);
    await interrupted.opened;
    expect(notices).toContainEqual({ kind: 'lock-lost', jobId: job.runId });
  });

  it('begins nothing while it is paused', async () => {
    const job = newJob();
    let taken = 0;
    await work(async () => {
      taken += 1;
    });
    await queue.pause();
    await queue.addJob(job);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(taken).toBe(0);
    expect(await queue.countJobs()).toMatchObject({ waiting: 1 });
    await queue.resume();
    await reach(job, 'completed');
    expect(taken).toBe(1);
  });

  it('works several jobs at a time', async () => {
    const release = gate();
    const jobs = [newJob(), newJob(), newJob()];
    for (const job of jobs) await queue.addJob(job);
    await work(() => release.opened, { concurrency: 3 });
    await waitFor(async () => (await queue.countJobs()).active === 3);
    release.open();
    for (const job of jobs) await reach(job, 'completed');
  });
});

describe('the store', () => {
  it('is named by its URL, and the message does not repeat a wrong one', () => {
    expect(queueConnection('rediss://user:secret@example.org:6380/2')).toMatchObject({
      engine: 'redis',
      address: 'rediss://example.org:6380/2',
    });
    expect(queueConnection('postgresql://example.org/queue').engine).toBe('postgres');
    for (const url of ['', 'mysql://user:secret@example.org', 'user:secret@example.org']) {
      expect(() => queueConnection(url)).toThrow(/^The queue URL must begin with [^@]*$/);
    }
  });

  it('that does not answer gives an error with its address and without its password', async () => {
    for (const scheme of ['redis', 'postgres']) {
      const url = `${scheme}://user:secret@127.0.0.1:1/0`;
      const error = await prepareQueueStore(url).catch((reason: Error) => reason);
      expect(error).toMatchObject({ name: 'QueueStoreUnavailable', message: expect.stringContaining('127.0.0.1:1') });
      expect((error as Error).message).not.toContain('secret');
    }
  });

  it('on PostgreSQL that was never prepared says so', async () => {
    const store = await postgresStore();
    try {
      const opening = openQueue(GRADING_JOBS_QUEUE, store.url, { onError: () => undefined });
      await expect(opening).rejects.toThrow('is not set up');
      const options = { workerName: 'spec', concurrency: 1, onNotice: () => undefined };
      await expect(openWorker(GRADING_JOBS_QUEUE, store.url, async () => undefined, options)).rejects.toThrow('is not set up');
      expect(await prepareQueueStore(store.url)).toMatchObject({ engine: 'postgres', warnings: [] });
    } finally {
      await store.remove();
    }
  });

  (process.env.ASSAY_TEST_REDIS_URL === '' ? it.skip : it)('on Redis that evicts keys is warned of', async () => {
    const store = await redisStore();
    const client = new Redis(store.url);
    try {
      expect(await prepareQueueStore(store.url)).toMatchObject({ engine: 'redis', warnings: [] });
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
      const { warnings } = await prepareQueueStore(store.url);
      expect(warnings).toEqual([expect.stringContaining('noeviction (it is allkeys-lru)')]);
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction');
      client.disconnect();
    }
  });
});
