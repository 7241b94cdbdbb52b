import { Logger } from '@nestjs/common';
import { Problem } from '../http/problem';
import { type Job, PooledThread } from './pooled-thread';

/** Who waits for what a thread works on. */
export interface ThreadListener {
  /** Aborted when nobody waits any more: the work ends. */
  readonly signal?: AbortSignal;
  /** Whose the task is, for example an organisation's id: no owner takes more than half of the places to wait. */
  readonly owner?: string;
  /** Told the share that is done, 0..1; 0 when the task waits or begins. */
  readonly onProgress?: (share: number) => void;
}

export interface ThreadPoolOptions {
  /** Absolute path of the compiled body, which answers each message with those of `ThreadMessage`. */
  readonly entry: string;
  /** Tasks that are worked on at a time. */
  readonly threads: number;
  /** Tasks that may wait; more are refused. */
  readonly waiting: number;
  /** What one task may take. */
  readonly seconds: number;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * Works on tasks in threads, so that the event loop stays free. Both are bounded, the threads and the tasks that wait for one; a thread
 * that dies or is ended takes its one task with it and the next one gets a new thread (docs/adr/0022). Stop it before the process ends.
 */
export class ThreadPool {
  private readonly logger = new Logger(ThreadPool.name);
  private readonly waiting: Job[] = [];
  private readonly threads = new Set<PooledThread>();
  private isStopping = false;

  constructor(private readonly options: ThreadPoolOptions) {}

  /** Ends every thread; whoever waits is refused. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const job of this.waiting.splice(0)) job.reject(stopping());
    await Promise.all([...this.threads].map((thread) => thread.end(stopping())));
  }

  /**
   * @param task plain data
   * @returns what the body answered
   * @throws EstimateInputError for what the body refuses
   * @throws Problem `unavailable` when too many wait, when it takes too long, when its thread died, and when the pool stops
   */
  run(task: unknown, { signal, owner, onProgress = () => {} }: ThreadListener = {}): Promise<unknown> {
    if (this.isStopping) return Promise.reject(stopping());
    if (signal?.aborted) return Promise.reject(hungUp());
    if (!this.hasRoom() && !this.mayWait(owner)) return Promise.reject(tooMany());
    onProgress(0);
    return new Promise((resolve, reject) => {
      const job: Job = { task, owner, onProgress, resolve, reject };
      this.waiting.push(job);
      signal?.addEventListener('abort', () => this.cancel(job), { once: true });
      this.startNext();
    });
  }

  private hasRoom(): boolean {
    return this.threads.size < this.options.threads || [...this.threads].some((thread) => thread.isIdle);
  }

  private mayWait(owner: string | undefined): boolean {
    const own = owner === undefined ? 0 : this.waiting.filter((job) => job.owner === owner).length;
    return this.waiting.length < this.options.waiting && own < Math.ceil(this.options.waiting / 2);
  }

  private startNext(): void {
    while (this.waiting.length > 0 && this.hasRoom() && !this.isStopping) {
      const thread = [...this.threads].find(({ isIdle }) => isIdle) ?? this.openThread();
      thread.begin(this.waiting.shift() as Job, this.options.seconds);
    }
  }

  private openThread(): PooledThread {
    const thread = new PooledThread(this.options.entry, {
      onFree: () => this.startNext(),
      onExit: () => {
        this.threads.delete(thread);
        this.startNext();
      },
      onDeath: (error) => this.logger.error({ err: error }, 'A thread died'),
    });
    this.threads.add(thread);
    return thread;
  }

  private cancel(job: Job): void {
    const place = this.waiting.indexOf(job);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      job.reject(hungUp());
      return;
    }
    void [...this.threads].find((thread) => thread.runs(job))?.end(hungUp());
  }
}

function stopping(): Problem {
  return unavailable('The API is being stopped; nothing was done. Send the request again.');
}

function tooMany(): Problem {
  return unavailable('Too many requests of this kind are being worked on just now. Try again in a moment.');
}

/** Nobody reads it. */
function hungUp(): Problem {
  return unavailable('The request was given up before its answer was there.');
}

function unavailable(detail: string): Problem {
  return new Problem('unavailable', detail, undefined, RETRY_AFTER_SECONDS);
}
