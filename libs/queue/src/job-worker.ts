import type { QueueName } from '@assay/contracts/queues';
import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { within } from './deadline';
import { createEngineWorker, type EngineWorker, queueConnection } from './queue-connection';
import { MalformedPayload, type PayloadOf, parsePayload } from './queue-payload';
import type { ProgressOf } from './queue-progress';
import { QUEUE_SETTINGS, type QueueSettings } from './queue-settings';
import { storeReady } from './queue-store-ready';

/** A job that a worker has taken, its payload parsed. */
export interface ReceivedJob<Name extends QueueName> {
  readonly payload: PayloadOf<Name>;
  /** Counts from 1. A job taken over from a dead worker is on the same attempt as before. */
  readonly attempt: number;
  /** Whether failing now is final. */
  readonly isLastAttempt: boolean;
  /** Aborted when the job is no longer this worker's: it is shutting down and waited long enough, or another took the job over. */
  readonly signal: AbortSignal;
  /** Says where the work is. Never fails; may be lost. */
  reportProgress(progress: ProgressOf<Name>): Promise<void>;
}

/** Resolves when the job is done. A rejection ends the attempt; the job is tried again later while it has attempts left. */
export type JobHandler<Name extends QueueName> = (job: ReceivedJob<Name>) => Promise<void>;

/** What happens beside the handling of jobs, for the log. `jobId` is the run id. */
export type WorkerNotice =
  | { readonly kind: 'malformed'; readonly jobId: string; readonly reason: string }
  | { readonly kind: 'attempt-failed'; readonly jobId: string; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'given-up'; readonly jobId: string; readonly reason: string }
  | { readonly kind: 'taken-from-dead-worker'; readonly jobId: string }
  | { readonly kind: 'lock-lost'; readonly jobId: string }
  | { readonly kind: 'put-back'; readonly jobId: string }
  | { readonly kind: 'connection-error'; readonly reason: string };

export interface WorkerOpenOptions<Name extends QueueName> {
  /** Stored on the jobs it takes, for people. */
  readonly workerName: string;
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly onNotice: (notice: WorkerNotice) => void;
  /**
   * Told of a well-formed job that will not be tried again, also when it was given up because it was found on dead workers too often.
   * What must happen then belongs here; a rejection is only noticed.
   */
  readonly onGivenUp?: (payload: PayloadOf<Name>, reason: string) => Promise<void>;
  /** Departures from `QUEUE_SETTINGS`, for tests. */
  readonly settings?: Partial<QueueSettings>;
}

/** How closing ended: all running jobs done; some put back on the queue; some left locked, to be taken over by another worker. */
export type CloseResult = 'drained' | 'put-back' | 'abandoned';

/** Time that an interrupted job has to let go. */
const LET_GO_MS = 5_000;

/** The consuming side of one queue in one process. */
export class JobWorker<Name extends QueueName> {
  private readonly worker: EngineWorker;
  private readonly givingUp = new Set<Promise<void>>();
  private interrupting = false;
  private putBack = false;

  private constructor(
    private readonly name: Name,
    private readonly url: string,
    private readonly handler: JobHandler<Name>,
    private readonly options: WorkerOpenOptions<Name>,
  ) {
    const settings = { ...QUEUE_SETTINGS[name], ...options.settings };
    // The engine hands out a signal only to a function with three parameters.
    const process = (job: Job<unknown, void, string>, token?: string, signal?: AbortSignal) => this.process(job, token, signal);
    this.worker = createEngineWorker(queueConnection(url), name, process, {
      name: options.workerName,
      concurrency: options.concurrency,
      lockDuration: settings.lockMs,
      stalledInterval: settings.stalledCheckMs,
      maxStalledCount: settings.maxTakeovers,
      autorun: false,
    });
  }

  /** @throws QueueStoreUnavailable */
  static async open<Name extends QueueName>(
    name: Name,
    url: string,
    handler: JobHandler<Name>,
    options: WorkerOpenOptions<Name>,
  ): Promise<JobWorker<Name>> {
    const opened = new JobWorker(name, url, handler, options);
    await opened.start();
    return opened;
  }

  /** Whether the worker still takes jobs. */
  get isRunning(): boolean {
    return this.worker.isRunning();
  }

  /**
   * Takes no further job, waits for the running ones, and after `graceMs` interrupts them and puts them back on the queue without
   * counting the attempt.
   */
  async close(graceMs: number): Promise<CloseResult> {
    const closed = this.worker.close();
    const drained = await within(closed, graceMs);
    if (drained === null) {
      this.interrupting = true;
      this.worker.cancelAllJobs('the worker is shutting down');
      if ((await within(closed, LET_GO_MS)) === null) {
        await within(this.worker.disconnect(), LET_GO_MS);
        return 'abandoned';
      }
    }
    await Promise.all(this.givingUp);
    return this.putBack ? 'put-back' : 'drained';
  }

  private async start(): Promise<void> {
    const errors: Error[] = [];
    this.worker.on('error', (error) => {
      errors[0] = error;
      this.options.onNotice({ kind: 'connection-error', reason: error.message });
    });
    this.worker.on('stalled', (jobId) => this.options.onNotice({ kind: 'taken-from-dead-worker', jobId }));
    this.worker.on('failed', (job, error) => this.noteFailure(job, error));
    this.worker.on('lockRenewalFailed', (jobIds) => {
      for (const jobId of jobIds) {
        this.options.onNotice({ kind: 'lock-lost', jobId });
        this.worker.cancelJob(jobId, 'another worker took the job over');
      }
    });
    try {
      await storeReady(queueConnection(this.url), this.worker.waitUntilReady(), errors);
    } catch (error) {
      await this.worker.disconnect().catch(() => undefined);
      throw error;
    }
    this.worker.run().catch((error: Error) => this.options.onNotice({ kind: 'connection-error', reason: error.message }));
  }

  private async process(job: Job<unknown, void, string>, token?: string, signal?: AbortSignal): Promise<void> {
    const payload = this.parse(job);
    const received: ReceivedJob<Name> = {
      payload,
      attempt: job.attemptsMade + 1,
      isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
      signal: signal ?? new AbortController().signal,
      reportProgress: (progress) =>
        job.updateProgress(progress as object).catch((error: Error) => {
          this.options.onNotice({ kind: 'connection-error', reason: `progress was not reported: ${error.message}` });
        }),
    };
    try {
      await this.handler(received);
    } catch (error) {
      if (!this.interrupting || !received.signal.aborted) throw error;
      await job.moveToWait(token);
      this.putBack = true;
      this.options.onNotice({ kind: 'put-back', jobId: payload.runId });
      throw new WaitingError();
    }
  }

  private parse(job: Job<unknown, void, string>): PayloadOf<Name> {
    try {
      const payload = parsePayload(this.name, job.data);
      if (payload.runId === job.id) return payload;
      throw new MalformedPayload(`Malformed message on queue ${this.name}: its id ${job.id} is not its run id`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.onNotice({ kind: 'malformed', jobId: String(job.id), reason });
      throw new UnrecoverableError(reason);
    }
  }

  private noteFailure(job: Job<unknown, void, string> | undefined, error: Error): void {
    if (job === undefined) return;
    const jobId = String(job.id);
    const isFinal = job.finishedOn !== undefined;
    if (!isFinal) {
      this.options.onNotice({ kind: 'attempt-failed', jobId, reason: error.message, attempt: job.attemptsMade });
      return;
    }
    this.options.onNotice({ kind: 'given-up', jobId, reason: error.message });
    const telling = this.tellGivenUp(job.data, jobId, error.message).finally(() => this.givingUp.delete(telling));
    this.givingUp.add(telling);
  }

  private async tellGivenUp(data: unknown, jobId: string, reason: string): Promise<void> {
    try {
      await this.options.onGivenUp?.(parsePayload(this.name, data), reason);
    } catch (error) {
      if (error instanceof MalformedPayload) return;
      const detail = error instanceof Error ? error.message : String(error);
      this.options.onNotice({ kind: 'connection-error', reason: `giving up job ${jobId} was not told: ${detail}` });
    }
  }
}

/** Opens the consuming side of a queue and begins to take jobs. @throws QueueStoreUnavailable */
export function openWorker<Name extends QueueName>(
  name: Name,
  url: string,
  handler: JobHandler<Name>,
  options: WorkerOpenOptions<Name>,
): Promise<JobWorker<Name>> {
  return JobWorker.open(name, url, handler, options);
}
