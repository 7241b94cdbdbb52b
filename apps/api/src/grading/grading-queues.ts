import type { GradingJob } from '@assay/contracts/grading-job';
import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { type JobQueue, openQueue } from '@assay/queue/job-queue';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { CONFIG, type Config } from '../config';
import { registry } from '../http/metrics';

/** Where a run that is owed an outcome is: on its way, given up by the workers, or not on any queue. */
export type Whereabouts = 'under-way' | 'failed' | 'missing';

/** The API's side of the two grading queues. */
@Injectable()
export class GradingQueues implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(GradingQueues.name);
  private jobs!: JobQueue<typeof GRADING_JOBS_QUEUE>;
  private reports!: JobQueue<typeof GRADING_REPORTS_QUEUE>;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  async onModuleInit(): Promise<void> {
    const { warnings } = await prepareQueueStore(this.config.queueUrl);
    for (const warning of warnings) this.logger.warn(warning);
    const options = { onError: (error: Error) => this.logger.warn({ err: error }, 'The queue store cannot be reached') };
    this.jobs = await openQueue(GRADING_JOBS_QUEUE, this.config.queueUrl, options);
    this.reports = await openQueue(GRADING_REPORTS_QUEUE, this.config.queueUrl, options);
    this.exportCounts();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.jobs?.close(), this.reports?.close()]);
  }

  /** Makes sure that the run is on its way to a worker; harmless when it is already. */
  async hand(job: GradingJob): Promise<void> {
    await this.jobs.replaceJob(job);
  }

  async whereIs(runId: string): Promise<Whereabouts> {
    const report = await this.reports.findJob(runId);
    if (report && report.state !== 'completed') return report.state === 'failed' ? 'failed' : 'under-way';
    const job = await this.jobs.findJob(runId);
    if (!job || job.state === 'completed') return 'missing';
    return job.state === 'failed' ? 'failed' : 'under-way';
  }

  /** @throws when the store does not answer */
  async ping(): Promise<void> {
    await this.jobs.countJobs();
  }

  private exportCounts(): void {
    const name = 'grading_jobs';
    registry.removeSingleMetric(name);
    const jobs = this.jobs;
    new Gauge({
      name,
      help: 'Grading jobs on the queue by state.',
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        for (const [state, count] of Object.entries(await jobs.countJobs())) this.set({ state }, count);
      },
    });
  }
}
