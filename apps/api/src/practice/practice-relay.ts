import type { PracticeJob } from '@assay/contracts/practice-job';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from '../database/tenant-database';
import { RunTokenService } from '../grading/run-token.service';
import { PublicLinks } from '../http/public-links';
import { WakingLoop } from '../outbox/waking-loop';
import { selectOptionalPracticeToRun } from './practice.queries';
import { PracticeOutbox, type PracticeReference } from './practice-outbox';
import { PracticeQueues } from './practice-queues';
import { PracticeRunsService } from './practice-runs.service';

const BATCH = 50;
/** Days that a result is kept. */
const KEPT_DAYS = 30;
const SWEEP_EVERY_MS = 3_600_000;

/**
 * Moves practice runs from the outbox to their queue, looks after those that are owed an outcome, and deletes results that were kept long
 * enough.
 */
@Injectable()
export class PracticeRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PracticeRelay.name);
  private readonly loop = new WakingLoop(
    () => this.work(),
    (error) => this.logger.error({ err: error }, 'The practice outbox could not be moved; it is tried again'),
  );
  private reconciledAt = 0;
  private sweptAt = 0;

  constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: PracticeOutbox,
    private readonly queues: PracticeQueues,
    private readonly runs: PracticeRunsService,
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
    if (!this.links.isReachable()) return;
    for (const run of await this.outbox.selectUnpublished(BATCH)) await this.publish(run);
    const now = Date.now();
    if (now - this.reconciledAt >= this.config.reconcileSeconds * 1000) {
      this.reconciledAt = now;
      for (const run of await this.outbox.selectOverdue(this.config.reconcileSeconds, BATCH)) await this.reconcile(run);
    }
    if (now - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = now;
    await this.sweep();
  }

  private async publish({ runId, organisationId }: PracticeReference): Promise<void> {
    const job = await this.describe({ runId, organisationId });
    if (!job) return;
    await this.queues.hand(job);
    await this.outbox.markPublished(runId);
    await this.runs.noteProgress(organisationId, runId, 'queued');
  }

  /** A run that is on the queue is left alone; one that the queue lost goes there again; one that failed for good ends as our fault. */
  private async reconcile(run: PracticeReference): Promise<void> {
    const where = await this.queues.whereIs(run.runId);
    if (where === 'under-way') return;
    this.logger.warn({ runId: run.runId, where }, 'A practice run is owed an outcome');
    if (where === 'failed') await this.runs.finishWithoutReport(run.organisationId, run.runId);
    else await this.publish(run);
  }

  private async sweep(): Promise<void> {
    for (;;) {
      const expired = await this.outbox.selectExpired(KEPT_DAYS, BATCH);
      for (const { organisationId, runId } of expired) await this.runs.deleteResult(organisationId, runId);
      if (expired.length < BATCH) return;
    }
  }

  private async describe({ runId, organisationId }: PracticeReference): Promise<PracticeJob | null> {
    const found = await this.database.inOrganisation(organisationId, (manager) => selectOptionalPracticeToRun(manager, runId));
    if (!found) return null;
    return {
      version: 1,
      runId,
      organisationId,
      requestedAt: found.requestedAt.toISOString(),
      pack: { slug: found.slug, version: found.version, contentHash: found.contentHash },
      archive: {
        url: this.links.practiceArchive(organisationId, runId),
        token: this.tokens.issue(organisationId, runId),
        sha256: found.archiveSha256,
        bytes: found.archiveBytes,
      },
    };
  }
}
