import type { GradingJob } from '@assay/contracts/grading-job';
import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { within } from '@assay/queue/deadline';
import { type FoundJob, type JobQueue, type JobState, openQueue } from '@assay/queue/job-queue';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import type { JobPriority } from '@assay/queue/queue-settings';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { exportQueueCounts } from './queue-counts';
import { type QueueStandingDto, QueueStandings } from './queue-standing';

/** For questions that somebody waits for. */
const ANSWER_MS = 1_500;
/** Whoever asks where a run stands holds a connection to the database meanwhile. */
const STANDING_MS = 300;
const HAND_OVER_MS = 10_000;
const CLOSE_MS = 2_000;

/** Where a run that is owed an outcome is: on its way, given up by the workers, with a report that could not be stored, or nowhere. */
export type Whereabouts = 'under-way' | 'failed' | 'report-failed' | 'missing';

function isUnderWay(job: FoundJob | null): boolean {
  return job !== null && job.state !== 'completed' && job.state !== 'failed';
}

/** The API's side of the two grading queues. */
@Injectable()
export class GradingQueues implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(GradingQueues.name);
  private jobs!: JobQueue<typeof GRADING_JOBS_QUEUE>;
  private reports!: JobQueue<typeof GRADING_REPORTS_QUEUE>;
  private standings!: QueueStandings;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  async onModuleInit(): Promise<void> {
    const { warnings } = await prepareQueueStore(this.config.queueUrl);
    for (const warning of warnings) this.logger.warn(warning);
    const options = { onError: (error: Error) => this.logger.warn({ err: error }, 'The queue store cannot be reached') };
    this.jobs = await openQueue(GRADING_JOBS_QUEUE, this.config.queueUrl, options);
    this.reports = await openQueue(GRADING_REPORTS_QUEUE, this.config.queueUrl, options);
    this.standings = new QueueStandings(this.jobs, (question) => answered(question, STANDING_MS));
    exportQueueCounts('grading_jobs', 'Grading jobs on the queue by state.', () => this.countJobs());
  }

  async onApplicationShutdown(): Promise<void> {
    await within(Promise.all([this.jobs?.close(), this.reports?.close()]), CLOSE_MS);
  }

  /** Makes sure that the run is on its way to a worker; harmless when it is already. */
  async hand(job: GradingJob, priority: JobPriority): Promise<void> {
    await answered(this.jobs.replaceJob(job, priority), HAND_OVER_MS);
  }

  async whereIs(runId: string): Promise<Whereabouts> {
    const job = await answered(this.jobs.findJob(runId), HAND_OVER_MS);
    const report = await answered(this.reports.findJob(runId), HAND_OVER_MS);
    if (isUnderWay(job) || isUnderWay(report)) return 'under-way';
    if (report?.state === 'failed') return 'report-failed';
    return job?.state === 'failed' ? 'failed' : 'missing';
  }

  /** Where a waiting run stands; null when it does not wait, or nobody knows. */
  standingOf(runId: string): Promise<QueueStandingDto | null> {
    return this.standings.of(runId);
  }

  /** @throws when the store does not answer, or not soon */
  async ping(): Promise<void> {
    await this.countJobs();
  }

  private countJobs(): Promise<Record<JobState, number>> {
    return answered(this.jobs.countJobs(), ANSWER_MS);
  }
}

/** A store that hangs must not hold up the relay or whoever asks; what is done late does no harm. */
export async function answered<Value>(question: Promise<Value>, milliseconds: number): Promise<Value> {
  const answer = await within(question, milliseconds);
  if (!answer) throw new Error(`The queue store has not answered for ${milliseconds} ms`);
  return answer.value;
}
