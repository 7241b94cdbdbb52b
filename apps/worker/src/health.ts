import type { GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { within } from '@assay/queue/deadline';
import type { JobQueue } from '@assay/queue/job-queue';
import { Controller, Get, Header, HttpException, HttpStatus, Inject } from '@nestjs/common';
import { REPORTS_QUEUE } from './grade-submission.processor';
import { GradingWorker } from './grading-worker';
import { WorkerMetrics } from './metrics';

const QUEUE_ANSWER_MS = 1_500;

/** What supervisors and Prometheus ask a worker. */
@Controller()
export class HealthController {
  constructor(
    private readonly worker: GradingWorker,
    @Inject(REPORTS_QUEUE) private readonly reports: JobQueue<typeof GRADING_REPORTS_QUEUE>,
    private readonly workerMetrics: WorkerMetrics,
  ) {}

  /** The process runs. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The worker takes jobs and reaches the queue. */
  @Get('health/ready')
  async ready(): Promise<{ status: 'ok' }> {
    if (!this.worker.isTaking) throw notReady('the worker takes no jobs (it is starting or stopping)');
    if (!(await this.queueAnswers())) throw notReady('the queue store does not answer');
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.workerMetrics.registry.metrics();
  }

  private async queueAnswers(): Promise<boolean> {
    const answer = await within(this.reports.countJobs(), QUEUE_ANSWER_MS).catch(() => null);
    return answer !== null;
  }
}

function notReady(detail: string): HttpException {
  return new HttpException({ status: 'error', detail }, HttpStatus.SERVICE_UNAVAILABLE);
}
