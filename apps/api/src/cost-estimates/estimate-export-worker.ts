import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EstimateFormat } from '@assay/estimate-export/export-estimate';
import type { ExportedEstimate } from '@assay/estimate-export/exported-estimate';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Problem } from '../http/problem';
import type { ExportAnswer } from './estimate-export-messages';

/** The thread runs what was built, from `src` as well as from `dist`. */
const ENTRY = path.join(__dirname, '..', '..', 'dist', 'cost-estimates', 'estimate-export-thread.js');
const MOST_ORDERS = 32;
/** From the order on, other orders before it included. */
const LONGEST_MS = 30_000;
/** An idle thread ends after so long, and its memory with it. */
const KEPT_IDLE_MS = 60_000;
const RETRY_AFTER_SECONDS = 5;

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
  readonly clock: NodeJS.Timeout;
}

/**
 * Makes the files of estimates in one thread, one after the other, so that the event loop stays free: setting a page takes about a
 * tenth of a second. A thread that dies or is too slow takes its orders with it, and the next order gets a new one.
 */
@Injectable()
export class EstimateExportWorker implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EstimateExportWorker.name);
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private idle: NodeJS.Timeout | null = null;
  private lastOrder = 0;
  private isStopping = false;

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.end(unavailable('The API is being stopped; ask again.'));
  }

  /** @throws Problem `unavailable` when too many files are asked for at once, when it takes too long, and when the API stops */
  make(estimate: ExportedEstimate, format: EstimateFormat): Promise<Uint8Array> {
    if (this.isStopping) return Promise.reject(unavailable('The API is being stopped; ask again.'));
    if (this.waiting.size >= MOST_ORDERS) return Promise.reject(unavailable('Too many files are being made just now.'));
    const order = ++this.lastOrder;
    const worker = this.open();
    return new Promise((resolve, reject) => {
      const clock = setTimeout(() => void this.end(unavailable('The file took too long to make.')), LONGEST_MS).unref();
      this.waiting.set(order, { resolve, reject, clock });
      worker.postMessage({ order, estimate, format });
    });
  }

  private open(): Worker {
    if (this.idle) clearTimeout(this.idle);
    if (this.worker) return this.worker;
    // Nothing of the environment, where the secrets are.
    const worker = new Worker(ENTRY, { env: {}, execArgv: [] });
    this.worker = worker;
    worker.unref();
    worker.on('message', (answer: ExportAnswer) => this.hear(answer));
    worker.on('error', (error) => this.logger.error({ err: error }, 'The thread that makes files of estimates died'));
    worker.on('exit', () => {
      if (this.worker === worker) void this.end(unavailable('The thread that made the file died. Ask again.'));
    });
    return worker;
  }

  private hear(answer: ExportAnswer): void {
    const waiting = this.waiting.get(answer.order);
    if (!waiting) return;
    this.waiting.delete(answer.order);
    clearTimeout(waiting.clock);
    if ('bytes' in answer) waiting.resolve(answer.bytes);
    else waiting.reject(answer.error);
    if (this.waiting.size === 0) this.idle = setTimeout(() => void this.end(unavailable('Ask again.')), KEPT_IDLE_MS).unref();
  }

  private async end(reason: Problem): Promise<void> {
    const { worker } = this;
    this.worker = null;
    if (this.idle) clearTimeout(this.idle);
    for (const { reject, clock } of this.waiting.values()) {
      clearTimeout(clock);
      reject(reason);
    }
    this.waiting.clear();
    await worker?.terminate();
  }
}

function unavailable(detail: string): Problem {
  return new Problem('unavailable', detail, undefined, RETRY_AFTER_SECONDS);
}
