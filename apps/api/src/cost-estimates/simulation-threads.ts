import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { EstimateReport } from '@assay/cost-model/estimate-report';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { Problem } from '../http/problem';
import { RunningThread, type Simulating } from './running-thread';

/** Who waits for an estimate. */
export interface SimulationListener {
  /** Aborted when nobody waits any more: the simulation ends. */
  readonly signal?: AbortSignal;
  /** Told the share that is done, 0..1; 0 when the simulation waits or begins. */
  readonly onProgress?: (share: number) => void;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * Simulates estimates in threads, so that the event loop stays free. Both are bounded, the threads and the estimates that wait for one;
 * a thread that dies or is ended takes its one estimate with it and the next one gets a new thread (docs/adr/0022).
 */
@Injectable()
export class SimulationThreads implements BeforeApplicationShutdown {
  private readonly logger = new Logger(SimulationThreads.name);
  private readonly waiting: Simulating[] = [];
  private readonly threads = new Set<RunningThread>();
  private isStopping = false;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Ends every thread; estimates under way are refused and nothing of them is left. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const job of this.waiting.splice(0)) job.reject(stopping());
    await Promise.all([...this.threads].map((thread) => thread.end(stopping())));
  }

  /**
   * @throws EstimateInputError for input that cannot be estimated with
   * @throws Problem `unavailable` when too many wait, when it takes too long, when its thread died, and when the API stops
   */
  report(input: EstimateInput, { signal, onProgress = () => {} }: SimulationListener = {}): Promise<EstimateReport> {
    if (this.isStopping) return Promise.reject(stopping());
    if (signal?.aborted) return Promise.reject(hungUp());
    if (this.waiting.length >= this.config.simulationsWaiting && !this.hasRoom()) return Promise.reject(tooMany());
    onProgress(0);
    return new Promise((resolve, reject) => {
      const job: Simulating = { input, onProgress, resolve, reject };
      this.waiting.push(job);
      signal?.addEventListener('abort', () => this.cancel(job), { once: true });
      this.startNext();
    });
  }

  private hasRoom(): boolean {
    return this.threads.size < this.config.simulationThreads || [...this.threads].some((thread) => thread.isIdle);
  }

  private startNext(): void {
    while (this.waiting.length > 0 && this.hasRoom() && !this.isStopping) {
      const thread = [...this.threads].find(({ isIdle }) => isIdle) ?? this.openThread();
      thread.begin(this.waiting.shift() as Simulating, this.config.simulationSeconds);
    }
  }

  private openThread(): RunningThread {
    const thread = new RunningThread({
      onFree: () => this.startNext(),
      onExit: () => {
        this.threads.delete(thread);
        this.startNext();
      },
      onDeath: (error) => this.logger.error({ err: error }, 'A thread that simulates estimates died'),
    });
    this.threads.add(thread);
    return thread;
  }

  private cancel(job: Simulating): void {
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
  return new Problem(
    'unavailable',
    'The API is being stopped; the estimate was not made. Send it again.',
    undefined,
    RETRY_AFTER_SECONDS,
  );
}

function tooMany(): Problem {
  return new Problem(
    'unavailable',
    'Too many estimates are being made just now. Try again in a moment.',
    undefined,
    RETRY_AFTER_SECONDS,
  );
}

/** Nobody reads it. */
function hungUp(): Problem {
  return new Problem('unavailable', 'The request was given up before the estimate was made.');
}
