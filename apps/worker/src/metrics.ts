import type { GradingReport } from '@assay/contracts/grading-report';
import { Injectable } from '@nestjs/common';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Measurements of this worker, in the Prometheus text format. */
@Injectable()
export class WorkerMetrics {
  readonly registry = new Registry();
  readonly running = new Gauge({ name: 'grading_runs_running', help: 'Runs being graded now.', registers: [this.registry] });
  private readonly ended = new Counter({
    name: 'grading_runs_total',
    help: 'Attempts at runs by outcome; an infrastructure fault is tried again.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  private readonly durations = new Histogram({
    name: 'grading_run_duration_seconds',
    help: 'Time of graded runs: waiting in the queue, starting the project, running the checks.',
    labelNames: ['part'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  noteReport({ outcome, timings }: Pick<GradingReport, 'outcome' | 'timings'>): void {
    this.ended.inc({ outcome });
    if (outcome !== 'graded') return;
    if (timings.queueMs !== null) this.durations.observe({ part: 'queue' }, timings.queueMs / 1000);
    this.durations.observe({ part: 'start' }, timings.startMs / 1000);
    this.durations.observe({ part: 'run' }, timings.runMs / 1000);
  }
}
