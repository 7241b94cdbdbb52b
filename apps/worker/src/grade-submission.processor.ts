import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { GradingJob } from '@assay/contracts/grading-job';
import type { GradingProgress } from '@assay/contracts/grading-progress';
import type { GradingReport } from '@assay/contracts/grading-report';
import type { GRADING_JOBS_QUEUE, GRADING_REPORTS_QUEUE } from '@assay/contracts/queues';
import type { JobQueue } from '@assay/queue/job-queue';
import type { ReceivedJob } from '@assay/queue/job-worker';
import { Inject, Injectable } from '@nestjs/common';
import { ArchiveDownload } from './archive-download';
import { faultReport } from './fault-report';
import { GRADING_ENGINE, type GradingEngine } from './grading-engine';
import { LOG, type Log } from './log';
import { WorkerMetrics } from './metrics';
import { TaskPacks } from './task-packs';
import { WORK_FOLDER } from './work-folder';
import { WorkerFault } from './worker-fault';

/** Injection token of the queue that takes the reports. */
export const REPORTS_QUEUE = Symbol('REPORTS_QUEUE');

type Job = ReceivedJob<typeof GRADING_JOBS_QUEUE>;

/** Grades one submission: archive and pack in, report out. A job is done only when its report is on the reports queue. */
@Injectable()
export class GradeSubmissionProcessor {
  private readonly gradings = new Set<Promise<void>>();

  constructor(
    private readonly archives: ArchiveDownload,
    private readonly packs: TaskPacks,
    @Inject(GRADING_ENGINE) private readonly engine: GradingEngine,
    @Inject(REPORTS_QUEUE) private readonly reports: JobQueue<typeof GRADING_REPORTS_QUEUE>,
    private readonly metrics: WorkerMetrics,
    @Inject(WORK_FOLDER) private readonly workFolder: string,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Resolves when the run's report is handed over, or when the run turned out to be over.
   *
   * @throws Error when the attempt failed for a fault of ours and another one is left, or when the job was taken from this worker
   */
  async process(job: Job): Promise<void> {
    const { payload } = job;
    const log = this.log.child({ runId: payload.runId, attempt: job.attempt });
    log.info({ pack: payload.pack.slug, packVersion: payload.pack.version }, 'Run taken');
    this.metrics.running.inc();
    try {
      const report = await unlessAborted(job.signal, this.track(this.grade(job, (line) => log.info(line))));
      if (report === null) {
        log.info('Run is over already; nothing was graded');
        return;
      }
      this.metrics.noteReport(report);
      const { outcome, reason, timings } = report;
      if (outcome === 'infra_fault' && !job.isLastAttempt) {
        throw new Error(`${reason?.code ?? 'infra-fault'}: ${reason?.messageForReviewer ?? 'no reason given'}`);
      }
      await job.reportProgress({ phase: 'reporting' });
      await this.deliver(payload, report);
      log.info({ outcome, code: reason?.code ?? null, totalMs: timings.totalMs }, 'Run ended');
    } finally {
      this.metrics.running.dec();
    }
  }

  /** A job that will not be tried again becomes an outcome that a person sees. */
  async giveUp(payload: GradingJob, reason: string): Promise<void> {
    this.log.child({ runId: payload.runId }).error({ reason }, 'Run given up');
    const fault = { code: 'run-given-up', message: `No worker could finish this run: ${reason}` };
    await this.deliver(payload, faultReport(payload, this.engine.surroundings, fault));
  }

  /** Resolves when no grading is under way, interrupted ones included. */
  async settle(): Promise<void> {
    await Promise.all(this.gradings);
  }

  private track<Value>(grading: Promise<Value>): Promise<Value> {
    const ended = grading.then(
      () => undefined,
      () => undefined,
    );
    this.gradings.add(ended);
    void ended.then(() => this.gradings.delete(ended));
    return grading;
  }

  private async deliver({ runId, organisationId }: GradingJob, report: GradingReport): Promise<void> {
    await this.reports.replaceJob({ version: 1, runId, organisationId, report });
  }

  private async grade(job: Job, onProgress: (line: string) => void): Promise<GradingReport | null> {
    const { payload, signal } = job;
    const progress = inOrder(job);
    let folder: string | null = null;
    try {
      folder = await this.makeFolder();
      progress.tell({ phase: 'fetching' });
      const pack = await this.packs.get(payload.pack);
      const archivePath = path.join(folder, 'archive');
      if (!(await this.archives.fetch(payload.archive, archivePath, signal))) return null;
      const { requestedAt } = payload;
      return await this.engine.grader.grade({ pack, archivePath, requestedAt, signal, onProgress, onPhase: progress.tell });
    } catch (error) {
      const code = error instanceof WorkerFault ? error.code : 'worker-failed';
      const message = error instanceof Error ? error.message : String(error);
      return faultReport(payload, this.engine.surroundings, { code, message });
    } finally {
      await progress.told();
      if (folder !== null) await this.removeFolder(folder);
    }
  }

  private async makeFolder(): Promise<string> {
    try {
      return await mkdtemp(path.join(this.workFolder, 'job-'));
    } catch (error) {
      throw new WorkerFault('disk-failed', error instanceof Error ? error.message : String(error));
    }
  }

  /** What is left is removed with the work folder; it is no reason to throw a grade away. */
  private async removeFolder(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      this.log.warn({ err: error }, 'The files of a run could not be removed');
    });
  }
}

/** The work's result; rejects as soon as the signal is aborted, whatever the work then still does to end. */
async function unlessAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error(`Interrupted: ${String(signal.reason)}`));
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Progress that is told without waiting, and arrives in order. */
function inOrder(job: Job): { tell: (progress: GradingProgress) => void; told: () => Promise<void> } {
  let last = Promise.resolve();
  return {
    tell: (progress) => {
      last = last.then(() => job.reportProgress(progress));
    },
    told: () => last,
  };
}
