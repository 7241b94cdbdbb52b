import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PracticeJob } from '@assay/contracts/practice-job';
import type { PracticeReport } from '@assay/contracts/practice-report';
import type { PRACTICE_JOBS_QUEUE, PRACTICE_REPORTS_QUEUE } from '@assay/contracts/queues';
import { GRADER_VERSION } from '@assay/grader/grader';
import type { JobQueue } from '@assay/queue/job-queue';
import type { ReceivedJob } from '@assay/queue/job-worker';
import { Inject, Injectable } from '@nestjs/common';
import { ArchiveDownload } from './archive-download';
import { GRADING_ENGINE, type GradingEngine } from './grading-engine';
import { LOG, type Log } from './log';
import { LatestProgress } from './practice-progress';
import { TaskPacks } from './task-packs';
import { WORK_FOLDER } from './work-folder';
import { WorkerFault } from './worker-fault';

/** Injection token of the queue that takes the practice reports. */
export const PRACTICE_REPORTS = Symbol('PRACTICE_REPORTS');

type Job = ReceivedJob<typeof PRACTICE_JOBS_QUEUE>;

/** Runs the visible checks on one archive. A job is done only when its report is on the queue of practice reports. */
@Injectable()
export class PracticeProcessor {
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly archives: ArchiveDownload,
    private readonly packs: TaskPacks,
    @Inject(GRADING_ENGINE) private readonly engine: GradingEngine,
    @Inject(PRACTICE_REPORTS) private readonly reports: JobQueue<typeof PRACTICE_REPORTS_QUEUE>,
    @Inject(WORK_FOLDER) private readonly workFolder: string,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Resolves when the run's report is handed over, or when the run turned out to be over.
   *
   * @throws Error when the attempt failed for a fault of ours and another one is left, or when the job was taken from this worker
   */
  async process(job: Job): Promise<void> {
    const { payload, signal } = job;
    const log = this.log.child({ practiceRunId: payload.runId, attempt: job.attempt });
    log.info({ pack: payload.pack.slug, packVersion: payload.pack.version }, 'Practice run taken');
    const running = this.practise(job);
    this.running.add(running);
    const report = await running.finally(() => this.running.delete(running));
    if (signal.aborted) throw new Error(`Interrupted: ${String(signal.reason)}`);
    if (report === null) {
      log.info('Practice run is over already; nothing was run');
      return;
    }
    if (report.outcome === 'infra_fault') {
      const reason = `${report.reason?.code ?? 'infra-fault'}: ${report.faultDetail ?? 'no reason given'}`;
      if (!job.isLastAttempt) throw new Error(reason);
      log.error({ reason }, 'Practice run given up');
    }
    await this.deliver(payload, report);
    log.info({ outcome: report.outcome, checks: report.checks.length, totalMs: report.timings.totalMs }, 'Practice run ended');
  }

  /** A job that will not be tried again becomes an outcome that its candidate sees. */
  async giveUp(payload: PracticeJob, reason: string): Promise<void> {
    this.log.child({ practiceRunId: payload.runId }).error({ reason }, 'Practice run given up');
    await this.deliver(payload, this.faultReport(payload, 'run-given-up', `No worker could finish this run: ${reason}`));
  }

  /** Resolves when no practice run is under way, interrupted ones included. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  private async deliver({ runId, organisationId }: PracticeJob, report: PracticeReport): Promise<void> {
    await this.reports.replaceJob({ version: 1, runId, organisationId, report });
  }

  private async practise(job: Job): Promise<PracticeReport | null> {
    const { payload, signal } = job;
    const progress = new LatestProgress((value) => job.reportProgress(value));
    let folder: string | null = null;
    try {
      folder = await mkdtemp(path.join(this.workFolder, 'practice-')).catch((error: Error) => {
        throw new WorkerFault('disk-failed', error.message);
      });
      progress.tell({ phase: 'fetching' });
      const pack = await this.packs.get(payload.pack);
      const archivePath = path.join(folder, 'archive');
      if (!(await this.archives.fetch(payload.archive, archivePath, signal))) return null;
      const { requestedAt } = payload;
      return await this.engine.grader.practice({
        pack,
        archivePath,
        requestedAt,
        signal,
        onPhase: (value) => progress.tell(value),
      });
    } catch (error) {
      const code = error instanceof WorkerFault ? error.code : 'worker-failed';
      return this.faultReport(payload, code, error instanceof Error ? error.message : String(error));
    } finally {
      await progress.told();
      if (folder !== null) {
        await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
          this.log.warn({ err: error }, 'The files of a practice run could not be removed');
        });
      }
    }
  }

  private faultReport({ pack }: PracticeJob, code: string, detail: string): PracticeReport {
    const { runtimeLockHash, python, sandboxDriver } = this.engine.surroundings;
    return {
      version: 1,
      outcome: 'infra_fault',
      reason: { code, message: 'The practice run failed on our side. It is not your fault and does not count.' },
      faultDetail: detail.slice(0, 2_000),
      checks: [],
      unlistedChecks: 0,
      output: '',
      provenance: { pack, runtimeLockHash, graderVersion: GRADER_VERSION, sandboxDriver, python },
      timings: { queueMs: null, startMs: 0, totalMs: 0 },
    };
  }
}
