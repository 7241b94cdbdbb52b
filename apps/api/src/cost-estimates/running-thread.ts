import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { Problem } from '../http/problem';
import type { SimulationMessage } from './simulation-messages';

/** Threads run what was built, from `src` as well as from `dist`. */
const ENTRY = path.join(__dirname, '..', '..', 'dist', 'cost-estimates', 'simulation-thread.js');
/** A thread that has been idle for so long ends, and its memory with it. */
const KEPT_IDLE_MS = 60_000;
const RETRY_AFTER_SECONDS = 1;

/** An estimate that is to be simulated, and who waits for it. */
export interface Simulating {
  readonly input: EstimateInput;
  readonly onProgress: (share: number) => void;
  readonly resolve: (report: EstimateReport) => void;
  readonly reject: (error: unknown) => void;
}

export interface ThreadEvents {
  /** Its estimate is done, it takes another one. */
  readonly onFree: () => void;
  /** It is gone, for whatever reason. */
  readonly onExit: () => void;
  /** It is going because of this fault of ours. */
  readonly onDeath: (error: Error) => void;
}

/** A thread and the one estimate that it simulates. */
export class RunningThread {
  // Nothing of the environment, where the secrets are.
  private readonly worker = new Worker(ENTRY, { env: {}, execArgv: [] });
  private readonly gone: Promise<void>;
  private job: Simulating | null = null;
  private clock: NodeJS.Timeout | null = null;
  private isEnding = false;

  constructor(private readonly events: ThreadEvents) {
    this.worker.on('message', (message: SimulationMessage) => this.hear(message));
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

  runs(job: Simulating): boolean {
    return this.job === job;
  }

  /** @param seconds after which the estimate is given up */
  begin(job: Simulating, seconds: number): void {
    this.job = job;
    this.worker.ref();
    this.endAfter(seconds * 1000, tooSlow(seconds));
    this.worker.postMessage(job.input);
  }

  /** Ends the thread in the middle of what it does. Resolves when it is gone. @param reason what becomes of its estimate */
  async end(reason: Problem): Promise<void> {
    this.isEnding = true;
    this.settle((job) => job.reject(reason));
    await this.worker.terminate();
    await this.gone;
  }

  private hear(message: SimulationMessage): void {
    if (this.job === null) return;
    if (message.kind === 'progress') {
      this.job.onProgress(message.share);
      return;
    }
    this.settle((job) =>
      message.kind === 'report' ? job.resolve(message.report) : job.reject(new EstimateInputError(message.problems)),
    );
    this.worker.unref();
    this.endAfter(KEPT_IDLE_MS, tooSlow(KEPT_IDLE_MS));
    this.events.onFree();
  }

  private die(error: Error): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.events.onDeath(error);
    this.settle((job) => job.reject(isOfCode(error) ? error : died()));
  }

  private settle(tell: (job: Simulating) => void): void {
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

/** A mistake in the simulation would happen again; everything else (no memory, a kill) is over with the thread. */
function isOfCode(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

function died(): Problem {
  return new Problem(
    'unavailable',
    'The thread that made the estimate died; nothing of it is left. Send the request again.',
    undefined,
    RETRY_AFTER_SECONDS,
  );
}

function tooSlow(seconds: number): Problem {
  return new Problem(
    'unavailable',
    `The simulation did not end within ${seconds} seconds and was given up. Ask for fewer draws, or try again when less is going on.`,
    undefined,
    RETRY_AFTER_SECONDS,
  );
}
