import type { QueueName } from '@assay/contracts/queues';
import type { Job, JobsOptions } from 'bullmq';
import { createEngineQueue, type EngineQueue, queueConnection } from './queue-connection';
import { type PayloadOf, parsePayload } from './queue-payload';
import { type JobPriority, QUEUE_SETTINGS, type QueueSettings } from './queue-settings';
import { storeReady } from './queue-store-ready';

/** Where a job is. `delayed` waits for its next attempt; `completed` and `failed` are final. */
export type JobState = 'waiting' | 'active' | 'delayed' | 'completed' | 'failed';

export interface FoundJob {
  readonly state: JobState;
  /** Attempts that have ended. */
  readonly attemptsMade: number;
  /** Why the last attempt failed, else null. */
  readonly failedReason: string | null;
}

/** Who waits and how fast it goes. */
export interface LineUp {
  /** Ids of waiting jobs in the order in which they are taken: the first ones, at most as many as were asked for. */
  readonly waiting: readonly string[];
  /** Jobs that workers are at. While others wait, all live workers are busy, so that this is the number of their slots. */
  readonly active: number;
  /** How long the jobs that were done last took, in milliseconds, the newest first. Empty when none is kept. */
  readonly recentMs: readonly number[];
}

export interface QueueOpenOptions {
  /** Told of lost connections; the queue recovers from them by itself. */
  readonly onError: (error: Error) => void;
  /** Departures from `QUEUE_SETTINGS`, for tests. */
  readonly settings?: Partial<QueueSettings>;
}

/** The producing side of one queue. The id of a job is the run id in its payload, so a run is on the queue at most once. */
export class JobQueue<Name extends QueueName> {
  private constructor(
    private readonly name: Name,
    private readonly queue: EngineQueue,
    private readonly settings: QueueSettings,
  ) {}

  /** @throws QueueStoreUnavailable */
  static async open<Name extends QueueName>(name: Name, url: string, options: QueueOpenOptions): Promise<JobQueue<Name>> {
    const connection = queueConnection(url);
    const settings = { ...QUEUE_SETTINGS[name], ...options.settings };
    const queue = createEngineQueue(connection, name, { streams: { events: { maxLen: settings.keptEvents } } });
    const errors: Error[] = [];
    const collect = (error: Error) => errors.push(error);
    queue.on('error', collect);
    try {
      await storeReady(connection, queue.waitUntilReady(), errors);
    } catch (error) {
      await queue.disconnect().catch(() => undefined);
      throw error;
    }
    queue.on('error', options.onError);
    queue.off('error', collect);
    return new JobQueue(name, queue, settings);
  }

  /**
   * Puts a job on the queue unless one of its id is there, finished ones included.
   * @throws MalformedPayload
   */
  async addJob(payload: PayloadOf<Name>, priority: JobPriority = 'normal'): Promise<void> {
    const parsed = parsePayload(this.name, payload);
    await this.queue.add(this.name, parsed, { jobId: parsed.runId, ...this.jobOptions(priority) });
  }

  /**
   * Makes sure that the run is on its way: adds the job when it is missing, and again when it is finished; leaves it alone while it
   * waits or runs.
   * @returns whether the job was added
   * @throws MalformedPayload
   */
  async replaceJob(payload: PayloadOf<Name>, priority: JobPriority = 'normal'): Promise<boolean> {
    const parsed = parsePayload(this.name, payload);
    const job = await this.queue.getJob(parsed.runId);
    if (job !== undefined) {
      const state = await stateOf(job);
      if (state !== null && state !== 'completed' && state !== 'failed') return false;
      await job.remove();
    }
    await this.addJob(parsed, priority);
    return true;
  }

  /** The job of that id, or null when the store knows none (never added, kept no longer, or flushed). */
  async findJob(id: string): Promise<FoundJob | null> {
    const job = await this.queue.getJob(id);
    if (job === undefined) return null;
    const state = await stateOf(job);
    return state === null ? null : { state, attemptsMade: job.attemptsMade, failedReason: job.failedReason ?? null };
  }

  /** How many jobs are in each state. */
  async countJobs(): Promise<Record<JobState, number>> {
    const counts = await this.queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed');
    const count = (state: string) => counts[state] ?? 0;
    return {
      waiting: count('waiting') + count('prioritized'),
      active: count('active'),
      delayed: count('delayed'),
      completed: count('completed'),
      failed: count('failed'),
    };
  }

  /**
   * The line at this moment, in three questions to the store.
   *
   * @param most waiting jobs to name
   * @param recent finished jobs to look at
   */
  async lineUp(most: number, recent: number): Promise<LineUp> {
    const [waiting, active, done] = await Promise.all([
      this.queue.getRanges(['prioritized'], 0, most - 1, true),
      this.queue.getActiveCount(),
      this.queue.getJobs(['completed'], 0, recent - 1, false),
    ]);
    const recentMs = done.flatMap(({ processedOn, finishedOn }) =>
      processedOn === undefined || finishedOn === undefined ? [] : [Math.max(0, finishedOn - processedOn)],
    );
    return { waiting, active, recentMs };
  }

  /** No worker begins another job until `resume`; what runs goes on. */
  async pause(): Promise<void> {
    await this.queue.pause();
  }

  async resume(): Promise<void> {
    await this.queue.resume();
  }

  async close(): Promise<void> {
    await this.queue.close();
  }

  private jobOptions(priority: JobPriority): JobsOptions {
    const { attempts, backoffMs, backoffJitter, keepCompleted, keepFailed, priorities } = this.settings;
    return {
      attempts,
      backoff: { type: 'exponential', delay: backoffMs, jitter: backoffJitter },
      removeOnComplete: { age: keepCompleted.ageSeconds, count: keepCompleted.count },
      removeOnFail: { age: keepFailed.ageSeconds, count: keepFailed.count },
      priority: priorities[priority],
    };
  }
}

/** Opens the producing side of a queue. @throws QueueStoreUnavailable */
export function openQueue<Name extends QueueName>(name: Name, url: string, options: QueueOpenOptions): Promise<JobQueue<Name>> {
  return JobQueue.open(name, url, options);
}

async function stateOf(job: Job<unknown, void, string>): Promise<JobState | null> {
  const state = await job.getState();
  switch (state) {
    case 'active':
    case 'completed':
    case 'delayed':
    case 'failed':
      return state;
    case 'unknown':
      return null;
    default:
      return 'waiting';
  }
}
