import type { FurtherSandbox } from './further-sandbox-api';

/**
 * `context.backgroundWorker`: a real worker of Celery in a sandbox of its own, on the submission's database and Redis. What it prints is
 * not looked at: what it did is read from rows, from answers and from its Redis. See docs/checks/background-worker.md.
 */
export interface CheckBackgroundWorker {
  /** Starts a worker with one process for tasks (`--pool prefork --concurrency 1`). It is killed when the check is over. */
  start(options: WorkerOptions): Promise<BackgroundWorker>;
  /** What lies in the submission's Redis by now (`services: { redis: true }`), read by the judge. */
  broker(queue?: string): Promise<BrokerState>;
  /**
   * Makes messages that a killed worker had taken due for redelivery at once, instead of after the visibility timeout (an hour). The next
   * worker that starts takes them. Gives their number: 0 when the tasks had been acknowledged before they ran, and are lost.
   */
  expireTaken(): Promise<number>;
  /**
   * Asks again and again until `probe` gives true. Fails the check when it has not after `seconds` of the project's own time (10 when left
   * out). Make it something that will be true on its own, and use it to wait, never to measure a duration.
   */
  until(what: string, probe: () => Promise<boolean>, seconds?: number): Promise<void>;
}

export interface WorkerOptions extends FurtherSandbox {
  /** Module of the Celery application, for example `shop` or `shop.celery:app`. */
  readonly application: string;
  /** Queues that it reads; the application's own choice when left out. */
  readonly queues?: readonly string[];
}

export interface BackgroundWorker {
  /** SIGKILL to all of its processes, also in the middle of a task, as soon as they wait for something (a held row, the next message). */
  kill(): Promise<void>;
}

export interface BrokerState {
  /** Messages that wait in the queue (`celery` when left out). */
  readonly waiting: number;
  /** Messages that a worker took and has not acknowledged, of all queues. */
  readonly taken: number;
}
