import { rm } from 'node:fs/promises';
import {
  GRADING_JOBS_QUEUE,
  type GRADING_REPORTS_QUEUE,
  PRACTICE_JOBS_QUEUE,
  type PRACTICE_REPORTS_QUEUE,
} from '@assay/contracts/queues';
import { within } from '@assay/queue/deadline';
import type { JobQueue } from '@assay/queue/job-queue';
import { type JobWorker, openWorker, type WorkerNotice } from '@assay/queue/job-worker';
import { listTaskPacks } from '@assay/task-pack/load-task-pack';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from './config';
import { GradeSubmissionProcessor, REPORTS_QUEUE } from './grade-submission.processor';
import { GRADING_ENGINE, type GradingEngine } from './grading-engine';
import { LOG, type Log } from './log';
import { PRACTICE_REPORTS, PracticeProcessor } from './practice.processor';
import { WORK_FOLDER } from './work-folder';

/** Time that interrupted gradings have to end before their database is taken away. */
const WIND_DOWN_MS = 5_000;

/** Takes grading jobs off the queue while the process lives, and lets go of them in order when it ends. */
@Injectable()
export class GradingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private worker: JobWorker<typeof GRADING_JOBS_QUEUE> | null = null;
  private practiceWorker: JobWorker<typeof PRACTICE_JOBS_QUEUE> | null = null;
  private closing = false;
  private warming: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(GRADING_ENGINE) private readonly engine: GradingEngine,
    @Inject(REPORTS_QUEUE) private readonly reports: JobQueue<typeof GRADING_REPORTS_QUEUE>,
    private readonly processor: GradeSubmissionProcessor,
    @Inject(PRACTICE_REPORTS) private readonly practiceReports: JobQueue<typeof PRACTICE_REPORTS_QUEUE>,
    private readonly practice: PracticeProcessor,
    @Inject(WORK_FOLDER) private readonly workFolder: string,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Whether it takes jobs. */
  get isTaking(): boolean {
    const workers = [this.worker, this.practiceWorker].filter((worker) => worker !== null);
    return !this.closing && workers.length > 0 && workers.every((worker) => worker.isRunning);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.takeGrading();
    await this.takePractice();
    this.warming = this.warmUp();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    const { shutdownMs } = this.config;
    const [result] = await Promise.all([this.worker?.close(shutdownMs), this.practiceWorker?.close(shutdownMs)]);
    this.log.info({ result: result ?? 'never started' }, 'Worker takes no more jobs');
    await within(Promise.all([this.warming, this.processor.settle(), this.practice.settle()]), WIND_DOWN_MS);
    await Promise.all([this.reports.close(), this.practiceReports.close()]);
    await this.engine.grader.close();
    await rm(this.workFolder, { recursive: true, force: true });
  }

  private async takeGrading(): Promise<void> {
    const { queueUrl, workerName, concurrency } = this.config;
    if (concurrency === 0) return;
    this.worker = await openWorker(GRADING_JOBS_QUEUE, queueUrl, (job) => this.processor.process(job), {
      workerName,
      concurrency,
      onNotice: (notice) => this.note(notice),
      onGivenUp: (payload, reason) => this.processor.giveUp(payload, reason),
    });
  }

  /** Practice has slots of its own beside the grades. */
  private async takePractice(): Promise<void> {
    const { queueUrl, workerName, practiceConcurrency: concurrency } = this.config;
    if (concurrency === 0) return;
    this.practiceWorker = await openWorker(PRACTICE_JOBS_QUEUE, queueUrl, (job) => this.practice.process(job), {
      workerName,
      concurrency,
      onNotice: (notice) => this.note(notice),
      onGivenUp: (payload, reason) => this.practice.giveUp(payload, reason),
    });
  }

  /** Builds the packs' databases ahead of their first submission. What fails here fails again, and is told, with a job. */
  private async warmUp(): Promise<void> {
    try {
      for (const pack of await listTaskPacks(this.config.taskPacks)) {
        if (this.closing) return;
        await this.engine.grader.prepare(pack, this.config.concurrency + this.config.practiceConcurrency);
        this.log.info({ pack: pack.slug, packVersion: pack.version }, 'Task pack ready');
      }
    } catch (error) {
      this.log.warn({ err: error }, 'A task pack could not be made ready');
    }
  }

  private note({ kind, ...detail }: WorkerNotice): void {
    const { jobId, ...rest } = { jobId: null, ...detail };
    this.log.warn({ notice: kind, ...(jobId === null ? {} : { runId: jobId }), ...rest }, 'Queue notice');
  }
}
