import { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import { within } from '@assay/queue/deadline';
import { type JobEvents, openJobEvents } from '@assay/queue/job-events';
import { type JobWorker, openWorker } from '@assay/queue/job-worker';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { GradingOutbox } from '../outbox/grading-outbox';
import { GradingService } from './grading.service';
import { GradingProgress } from './grading-progress';
import { GradingRelay } from './grading-relay';

const CLOSE_GRACE_MS = 2_000;

/** Listens to the workers: applies their reports and passes on what they say of their progress. */
@Injectable()
export class GradingReportsConsumer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(GradingReportsConsumer.name);
  private worker: JobWorker<typeof GRADING_REPORTS_QUEUE> | null = null;
  private events: JobEvents | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly grading: GradingService,
    private readonly outbox: GradingOutbox,
    private readonly progress: GradingProgress,
    private readonly relay: GradingRelay,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.worker = await openWorker(
      GRADING_REPORTS_QUEUE,
      this.config.queueUrl,
      async ({ payload }) => {
        await this.grading.applyReport(payload);
        this.progress.forget(payload.runId);
        this.relay.wake();
      },
      {
        workerName: 'api',
        concurrency: 2,
        onNotice: (notice) => this.logger.warn(notice, 'Grading reports'),
      },
    );
    this.events = await openJobEvents(GRADING_JOBS_QUEUE, this.config.queueUrl, {
      onStarted: (runId) => void this.noteStarted(runId),
      // How far the checks are is not passed on: a project could answer questions about them by where it hangs.
      onProgress: (runId, progress) => this.progress.note(runId, progress.phase),
      onError: (error) => this.logger.warn({ err: error }, 'The queue store cannot be reached'),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await within(Promise.all([this.events?.close(), this.worker?.close(CLOSE_GRACE_MS)]), CLOSE_GRACE_MS + 1_000);
  }

  private async noteStarted(runId: string): Promise<void> {
    try {
      const organisationId = await this.outbox.selectOptionalOrganisation(runId);
      if (organisationId) await this.grading.noteProgress(organisationId, runId, 'started');
    } catch (error) {
      this.logger.warn({ err: error, runId }, 'The start of a run could not be noted');
    }
  }
}
