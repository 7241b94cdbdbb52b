import { Worker } from 'node:worker_threads';
import type { InputProblem } from '@assay/cost-model/input-error';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { Problem } from '../http/problem';

/** What the body of a thread says of the task that it was sent. The last one of a task is never `progress`. */
export type ThreadMessage<Result = unknown> =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly result: Result }
  /** The task's input cannot be worked with. */
  | { readonly kind: 'refused'; readonly problems: readonly InputProblem[] };

/** A task, and who waits for what comes of it. */
export interface Job {
  /** Plain data. */
  readonly task: unknown;
  readonly owner: string | undefined;
  readonly onProgress: (share: number) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface ThreadEvents {
  /** Its job is done, it takes another one. */
  readonly onFree: () => void;
  /** It is gone, for whatever reason. */
  readonly onExit: () => void;
  /** It is going because of this fault of ours. */
  readonly onDeath: (error: Error) => void;
}

/** A thread that has been idle for so long ends, and its memory with it. */
const KEPT_IDLE_MS = 60_000;
/** Of objects; typed arrays are not counted. Far more than any task needs, so that a mistake does not take the process with it. */
const MOST_HEAP_MB = 256;
const RETRY_AFTER_SECONDS = 1;

/** A thread and the one job that it works on. */
export class PooledThread {
  private readonly worker: Worker;
  private readonly gone: Promise<void>;
  private job: Job | null = null;
  private clock: NodeJS.Timeout | null = null;
  private isEnding = false;

  /** @param entry absolute path of the compiled body */
  constructor(
    entry: string,
    private readonly events: ThreadEvents,
  ) {
    // Nothing of the environment, where the secrets are.
    this.worker = new Worker(entry, { env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } });
    this.worker.on('message', (message: ThreadMessage) => this.hear(message));
    this.worker.on('error', (error: Error) => this.die(error));
    this.gone = new Promise((resolve) => {
      this.worker.on('exit', (code) => {
        this.die(new Error(`The thread ended with code ${code}`));
        resolve();
        events.onExit();
      });
    });
  }

  get isIdle(): boolean {
    return this.job === null && !this.isEnding;
  }

  runs(job: Job): boolean {
    return this.job === job;
  }

  /** @param seconds after which the job is given up */
  begin(job: Job, seconds: number): void {
    this.job = job;
    this.worker.ref();
    this.endAfter(seconds * 1000, tooSlow(seconds));
    this.worker.postMessage(job.task);
  }

  /** Ends the thread in the middle of what it does. Resolves when it is gone. @param reason what becomes of its job */
  async end(reason: Problem): Promise<void> {
    this.isEnding = true;
    this.settle((job) => job.reject(reason));
    await this.worker.terminate();
    await this.gone;
  }

  private hear(message: ThreadMessage): void {
    if (this.job === null) return;
    if (message.kind === 'progress') {
      this.job.onProgress(message.share);
      return;
    }
    this.settle((job) =>
      message.kind === 'done' ? job.resolve(message.result) : job.reject(new EstimateInputError(message.problems)),
    );
    this.worker.unref();
    // Without a job nobody is told why.
    this.endAfter(KEPT_IDLE_MS, died());
    this.events.onFree();
  }

  private die(error: Error): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.events.onDeath(error);
    this.settle((job) => job.reject(isMistake(error) ? error : died()));
  }

  private settle(tell: (job: Job) => void): void {
    if (this.clock) clearTimeout(this.clock);
    const { job } = this;
    this.job = null;
    if (job) tell(job);
  }

  private endAfter(milliseconds: number, reason: Problem): void {
    if (this.clock) clearTimeout(this.clock);
    this.clock = setTimeout(() => void this.end(reason), milliseconds).unref();
  }
}

/** A mistake of ours would happen again; everything else (no memory, a kill) is over with the thread. */
function isMistake(error: Error): boolean {
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(error.name) || 'requireStack' in error;
}

function died(): Problem {
  return new Problem(
    'unavailable',
    'The thread that worked on it died; nothing of it is left. Send the request again.',
    undefined,
    RETRY_AFTER_SECONDS,
  );
}

function tooSlow(seconds: number): Problem {
  return new Problem(
    'unavailable',
    `It did not end within ${seconds} s and was given up. Ask for less, such as fewer draws, or try again when less is going on.`,
    undefined,
    RETRY_AFTER_SECONDS,
  );
}
