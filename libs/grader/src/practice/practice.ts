import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PracticeProgress } from '@assay/contracts/practice-progress';
import { PRACTICE_LIMITS, type PracticeReport } from '@assay/contracts/practice-report';
import { DEFAULT_LIMITS, type ProgramExit, type RunningProgram, SandboxUnavailable } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import type { DatabaseExcess } from '../database-limits';
import { InfrastructureFault, RunCancelled } from '../faults';
import { JudgePool } from '../judge-process/judge-pool';
import type { JudgeHost } from '../judge-process/judge-process';
import type { JudgedPack } from '../judge-process/messages';
import { projectEnvironment } from '../project-environment';
import type { RunningCluster } from '../running-cluster';
import { SubmissionDatabase } from '../submission-database';
import type { SubmissionSource, TakenIn } from '../submission-intake';
import { SubmissionRedis } from '../submission-redis';
import type { Workshop } from '../submission-run';
import { endingOf, endingOfError, type PracticeEnding } from './practice-ending';
import { PracticeLines } from './practice-lines';
import { CHECKS_FOLDER, takeInForPractice } from './practice-project';
import { shownText } from './shown-text';

export type PracticeRequest = SubmissionSource & {
  readonly pack: TaskPack;
  /** When the run was asked for, RFC 3339. */
  readonly requestedAt?: string;
  readonly signal?: AbortSignal;
  /** Told where the run is: `starting`, then `checking` after each check. */
  readonly onPhase?: (progress: PracticeProgress) => void;
};

/** A server that a run may have for itself. */
export interface PracticeLease {
  readonly server: RunningCluster;
  release(): void;
}

/** Longest that a run may take, whatever the pack allows a grade, in seconds. */
const MOST_SECONDS = 180;
/** Processor time beyond that, so that it is the run's time which ends what loops. */
const CPU_SPARE_SECONDS = 10;

/** What a judge process learns of a pack that practice is about: nothing. It serves only as the way to the database. */
const NOTHING: JudgedPack = {
  contentHash: 'practice',
  slug: 'practice',
  definitions: [],
  users: {},
  checkFiles: [],
  seed: [],
  data: {},
};

/**
 * Runs visible checks on projects. It has judge processes of its own, to which no hidden check was ever given: what they do is to keep
 * the worker from reading what a project sends to its database.
 */
export class PracticeRoom {
  private readonly doors: JudgePool;

  constructor(
    private readonly workshop: Workshop,
    private readonly graderVersion: string,
    private readonly lease: () => Promise<PracticeLease>,
  ) {
    this.doors = new JudgePool(workshop.runtime.basePython, [workshop.folders.pattern]);
  }

  /** Never rejects: what goes wrong is an outcome of the report. */
  async run(request: PracticeRequest): Promise<PracticeReport> {
    const { workshop } = this;
    const begin = workshop.clock();
    const queueMs = request.requestedAt ? Math.max(0, Math.round(Date.now() - Date.parse(request.requestedAt))) : null;
    const run = new PracticeRun(workshop, this.doors, request);
    let ending: PracticeEnding;
    try {
      ending = await run.work(this.lease);
    } catch (error) {
      ending = endingOfError(request.signal?.aborted ? new RunCancelled('the run was cancelled') : error);
    }
    const end = workshop.clock();
    const { slug, version, contentHash } = request.pack;
    return {
      version: 1,
      ...ending,
      checks: run.lines.checks,
      unlistedChecks: run.lines.unlisted,
      output: run.output,
      provenance: {
        pack: { slug, version, contentHash },
        runtimeLockHash: workshop.runtime.lockHash,
        graderVersion: this.graderVersion,
        sandboxDriver: workshop.driver.name,
        python: workshop.runtime.pythonVersion,
      },
      timings: {
        queueMs,
        startMs: Math.round((run.begunAt ?? end) - begin),
        totalMs: Math.round(end - begin),
      },
    };
  }

  async close(): Promise<void> {
    await this.doors.close();
  }
}

class PracticeRun {
  readonly lines = new PracticeLines();
  /** When the checks began, on the workshop's clock. */
  begunAt: number | null = null;
  output = '';
  private readonly signal: AbortSignal;

  constructor(
    private readonly workshop: Workshop,
    private readonly doors: JudgePool,
    private readonly request: PracticeRequest,
  ) {
    this.signal = request.signal ?? new AbortController().signal;
  }

  work(lease: () => Promise<PracticeLease>): Promise<PracticeEnding> {
    return this.workshop.folders.use(async (workDir) => {
      const projectDir = path.join(workDir, 'project');
      const { taken, checkFiles } = await takeInForPractice(this.request, projectDir, this.request.pack);
      if (checkFiles === 0) return { outcome: 'finished', reason: null, faultDetail: null };
      this.refuseCancelled();
      const { server, release } = await lease();
      try {
        return await this.withDatabase(server, workDir, projectDir, taken);
      } finally {
        release();
      }
    });
  }

  private async withDatabase(
    server: RunningCluster,
    workDir: string,
    projectDir: string,
    taken: TakenIn,
  ): Promise<PracticeEnding> {
    // Migrations only: rows of the pack never come near a practice run.
    const template = await this.workshop.templates.begun(server, this.request.pack, taken, projectDir);
    this.refuseCancelled();
    const database = await SubmissionDatabase.create(server, workDir, template);
    const door = this.doors.take();
    let redis: SubmissionRedis | null = null;
    try {
      await door.open(NOTHING, database.access, hostOf(server));
      if (this.request.pack.definition.services.redis) redis = await SubmissionRedis.start(workDir);
      this.request.onPhase?.({ phase: 'starting' });
      const { exit, excess } = await this.runChecks(workDir, projectDir, taken, database, redis);
      this.refuseCancelled();
      const fault = (await database.fault()) ?? (await redis?.fault()) ?? door.failure;
      if (fault) throw fault;
      return endingOf(exit, this.lines.isOver, excess);
    } finally {
      await Promise.all([this.doors.giveBack(door), redis?.stop()]);
      this.workshop.discard(database);
    }
  }

  private async runChecks(
    workDir: string,
    projectDir: string,
    taken: TakenIn,
    database: SubmissionDatabase,
    redis: SubmissionRedis | null,
  ): Promise<{ exit: ProgramExit; excess: DatabaseExcess | null }> {
    const program = await this.launch(workDir, projectDir, taken, database, redis);
    let excess: DatabaseExcess | null = null;
    database.watchLimits((found) => {
      excess = found;
      void program.kill();
    });
    const cancel = (): void => void program.kill();
    this.signal.addEventListener('abort', cancel);
    if (this.signal.aborted) cancel();
    await program.begun;
    this.begunAt = this.workshop.clock();
    const exit = await program.exited;
    this.signal.removeEventListener('abort', cancel);
    this.output = shownText(program.log(), PRACTICE_LIMITS.output);
    return { exit, excess };
  }

  private async launch(
    workDir: string,
    projectDir: string,
    taken: TakenIn,
    database: SubmissionDatabase,
    redis: SubmissionRedis | null,
  ): Promise<RunningProgram> {
    const { pack } = this.request;
    const { framework, limits } = pack.definition;
    const { memoryMiB, processes } = limits;
    const seconds = Math.min(limits.startSeconds + limits.runSeconds, MOST_SECONDS);
    const programDir = path.join(workDir, 'program');
    await mkdir(programDir, { mode: 0o755 });
    try {
      return await this.workshop.driver.run({
        runtime: this.workshop.runtime,
        projectDir,
        workDir: programDir,
        databaseSocketDir: database.socketDir,
        redisSocketDir: redis?.socketDir ?? null,
        environment: practiceEnvironment(pack, { ...database.environment, ...redis?.environment }, taken.contentHash),
        settings: framework.settings,
        limits: { ...DEFAULT_LIMITS, memoryMiB, processes, startSeconds: seconds, cpuSeconds: seconds + CPU_SPARE_SECONDS },
        program: { kind: 'asset', name: 'run_visible_checks', arguments: [CHECKS_FOLDER] },
        onLine: (line) => this.takeLine(line),
      });
    } catch (error) {
      const code = error instanceof SandboxUnavailable ? 'sandbox-unavailable' : 'sandbox-failed';
      throw new InfrastructureFault(code, error instanceof Error ? error.message : String(error));
    }
  }

  private takeLine(line: string): void {
    if (!this.lines.take(line)) return;
    const { done, total, steps } = this.lines;
    this.request.onPhase?.({ phase: 'checking', done, total, steps });
  }

  private refuseCancelled(): void {
    if (this.signal.aborted) throw new RunCancelled('the run was cancelled');
  }
}

/** What the pack says that candidates test with, as on their own machines; that of grading where it says nothing. */
function practiceEnvironment(
  pack: TaskPack,
  services: Readonly<Record<string, string>>,
  contentHash: string,
): Readonly<Record<string, string>> {
  const { environment, practice } = pack.definition;
  const definition = { ...pack.definition, environment: practice?.environment ?? environment };
  // Another secret key than the grade's.
  return projectEnvironment({ ...pack, definition }, services, `practice ${contentHash}`);
}

/** What it may be asked: no code of a pack runs in it, so that it asks for nothing else. */
function hostOf(server: RunningCluster): JudgeHost {
  return {
    isServerWell: () => server.isWell(),
    processorUse: async () => null,
    companion: async () => {
      throw new InfrastructureFault('judge-failed', 'there are no companions in a practice run');
    },
    onDone: () => undefined,
  };
}
