import { PRACTICE_JOBS_QUEUE, PRACTICE_REPORTS_QUEUE } from '@assay/contracts/queues';
import { within } from '@assay/queue/deadline';
import { type JobEvents, openJobEvents } from '@assay/queue/job-events';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { PracticeOutbox } from './practice-outbox';
import { PracticeProgressService } from './practice-progress.service';
import { PracticeRunsService } from './practice-runs.service';

const CLOSE_GRACE_MS = 2_000;

/** Listens to the workers: applies their practice reports and passes on what they say of their progress. */
@Injectable()
export class PracticeReportsConsumer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PracticeReportsConsumer.name);
  private worker: JobWorker<typeof PRACTICE_REPORTS_QUEUE> | null = null;
  private events: JobEvents | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly runs: PracticeRunsService,
    private readonly outbox: PracticeOutbox,
    private readonly progress: PracticeProgressService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const take = ({ payload }: { payload: Parameters<PracticeRunsService['applyReport']>[0] }) => this.runs.applyReport(payload);
    this.worker = await openWorker(PRACTICE_REPORTS_QUEUE, this.config.queueUrl, take, {
      workerName: 'api',
      concurrency: 1,
      onNotice: (notice) => this.logger.warn(notice, 'Practice reports'),
    });
    this.events = await openJobEvents(PRACTICE_JOBS_QUEUE, this.config.queueUrl, {
      onStarted: (runId) => void this.noteStarted(runId),
      onProgress: (runId, progress) => this.progress.note(runId, progress),
      onError: (error) => this.logger.warn({ err: error }, 'The queue store cannot be reached'),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await within(Promise.all([this.events?.close(), this.worker?.close(CLOSE_GRACE_MS)]), CLOSE_GRACE_MS + 1_000);
  }

  private async noteStarted(runId: string): Promise<void> {
    try {
      const organisationId = await this.outbox.selectOptionalOrganisation(runId);
      if (organisationId) await this.runs.noteProgress(organisationId, runId, 'started');
    } catch (error) {
      this.logger.warn({ err: error, runId }, 'The start of a practice run could not be noted');
    }
  }
}
