import type { GradingJob } from '@assay/contracts/grading-job';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from '../database/tenant-database';
import { PublicLinks } from '../http/public-links';
import { GradingOutbox, type OpenRun } from '../outbox/grading-outbox';
import { WakingLoop } from '../outbox/waking-loop';
import { GradingService } from './grading.service';
import { selectOptionalRunToGrade } from './grading-job.queries';
import { GradingQueues } from './grading-queues';
import { RunTokenService } from './run-token.service';

const BATCH = 50;
/** Times that a run is handed over when its reports cannot be stored. */
const MOST_HAND_OVERS = 3;

/**
 * Moves runs from the outbox to the queue and looks after those that are owed an outcome, so that neither a lost queue store nor a
 * lost worker leaves a submission without one.
 */
@Injectable()
export class GradingRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(GradingRelay.name);
  private readonly loop = new WakingLoop(
    () => this.work(),
    (error) => this.logger.error({ err: error }, 'The outbox could not be moved; it is tried again'),
  );
  private reconciledAt = 0;

  constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: GradingOutbox,
    private readonly queues: GradingQueues,
    private readonly grading: GradingService,
    private readonly tokens: RunTokenService,
    private readonly links: PublicLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Before the server closes: a job made after that would name an address where nobody answers. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Looks at the outbox now; called after a commit that wrote to it. Never throws. */
  wake(): void {
    this.loop.wake();
  }

  private async work(): Promise<void> {
    // A job names the address that workers fetch the archive from, so there must be one.
    if (!this.links.isReachable()) return;
    for (const run of await this.outbox.selectUnpublished(BATCH)) await this.publish(run);
    // Few at a time: what is on the queue may be at a worker when a candidate hands in.
    for (const run of await this.outbox.selectUnpublishedLast(this.config.regradesAtOnce)) await this.publish(run);
    if (Date.now() - this.reconciledAt < this.config.reconcileSeconds * 1000) return;
    this.reconciledAt = Date.now();
    for (const run of await this.outbox.selectOverdue(this.config.reconcileSeconds, BATCH)) await this.reconcile(run);
  }

  private async publish(run: OpenRun): Promise<void> {
    const job = await this.describe(run);
    if (!job) return;
    await this.queues.hand(job, run.priority);
    await this.outbox.markPublished(run);
    await this.grading.noteProgress(run.organisationId, run.runId, 'queued');
  }

  /** A run that is on the queue is left alone; one that the queue lost goes there again; one that failed for good gets its outcome. */
  private async reconcile(run: OpenRun): Promise<void> {
    const where = await this.queues.whereIs(run.runId);
    if (where === 'under-way') return;
    // A report is not stored while the database is away: it is graded again. One that never can be stored must come to an end too.
    if (where === 'failed' || (where === 'report-failed' && run.publications >= MOST_HAND_OVERS)) {
      await this.grading.finishWithoutReport(run.organisationId, run.runId, 'infra_fault', {
        code: 'worker-lost',
        messageForCandidate:
          'Our grading machines failed on this submission. It is not your fault and no attempt was used; we will look after it.',
        messageForReviewer:
          'Every worker that took this run was lost, or its report could not be read. Look at the worker logs, then ask for a regrade.',
        log: '',
      });
      return;
    }
    this.logger.warn(
      { runId: run.runId, publications: run.publications },
      'The queue has lost a run or its report; it is handed over again',
    );
    await this.publish(run);
  }

  private async describe(run: OpenRun): Promise<GradingJob | null> {
    const found = await this.database.inOrganisation(run.organisationId, (manager) =>
      selectOptionalRunToGrade(manager, run.runId),
    );
    if (!found) return null;
    return {
      version: 1,
      runId: run.runId,
      organisationId: run.organisationId,
      submissionId: found.submissionId,
      requestedAt: found.requestedAt.toISOString(),
      pack: { slug: found.slug, version: found.version, contentHash: found.contentHash },
      archive: {
        url: this.links.archive(run.organisationId, run.runId),
        token: this.tokens.issue(run.organisationId, run.runId),
        sha256: found.archiveSha256,
        bytes: found.archiveBytes,
      },
    };
  }
}
