import type { PracticeJob } from '@assay/contracts/practice-job';
import { PRACTICE_JOBS_QUEUE, PRACTICE_REPORTS_QUEUE } from '@assay/contracts/queues';
import { within } from '@assay/queue/deadline';
import { type FoundJob, type JobQueue, openQueue } from '@assay/queue/job-queue';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { answered } from '../grading/grading-queues';
import { exportQueueCounts } from '../grading/queue-counts';
import { type QueueStandingDto, QueueStandings } from '../grading/queue-standing';

const ANSWER_MS = 1_500;
const HAND_OVER_MS = 10_000;
const STANDING_MS = 300;
const CLOSE_MS = 2_000;

/** Where a practice run that is owed an outcome is. */
export type PracticeWhereabouts = 'under-way' | 'failed' | 'missing';

function isUnderWay(job: FoundJob | null): boolean {
  return job !== null && job.state !== 'completed' && job.state !== 'failed';
}

/** The API's side of the two practice queues. */
@Injectable()
export class PracticeQueues implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(PracticeQueues.name);
  private jobs!: JobQueue<typeof PRACTICE_JOBS_QUEUE>;
  private reports!: JobQueue<typeof PRACTICE_REPORTS_QUEUE>;
  private standings!: QueueStandings;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  async onModuleInit(): Promise<void> {
    await prepareQueueStore(this.config.queueUrl);
    const options = { onError: (error: Error) => this.logger.warn({ err: error }, 'The queue store cannot be reached') };
    this.jobs = await openQueue(PRACTICE_JOBS_QUEUE, this.config.queueUrl, options);
    this.reports = await openQueue(PRACTICE_REPORTS_QUEUE, this.config.queueUrl, options);
    exportQueueCounts('practice_jobs', 'Practice jobs on the queue by state.', () => answered(this.jobs.countJobs(), ANSWER_MS));
    this.standings = new QueueStandings(this.jobs, (question) => answered(question, STANDING_MS));
  }

  async onApplicationShutdown(): Promise<void> {
    await within(Promise.all([this.jobs?.close(), this.reports?.close()]), CLOSE_MS);
  }

  /** Makes sure that the run is on its way to a worker; harmless when it is already. */
  async hand(job: PracticeJob): Promise<void> {
    await answered(this.jobs.replaceJob(job), HAND_OVER_MS);
  }

  async whereIs(runId: string): Promise<PracticeWhereabouts> {
    const job = await answered(this.jobs.findJob(runId), HAND_OVER_MS);
    const report = await answered(this.reports.findJob(runId), HAND_OVER_MS);
    if (isUnderWay(job) || isUnderWay(report)) return 'under-way';
    return job?.state === 'failed' || report?.state === 'failed' ? 'failed' : 'missing';
  }

  /** Where a waiting run stands; null when it does not wait, or nobody knows. */
  standingOf(runId: string): Promise<QueueStandingDto | null> {
    return this.standings.of(runId);
  }
}
