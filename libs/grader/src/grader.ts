import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { GradingProgress } from '@assay/contracts/grading-progress';
import { type GradingReport, REPORT_SCHEMA_ID, type RunReason } from '@assay/contracts/grading-report';
import type { PracticeReport } from '@assay/contracts/practice-report';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { DatabaseTemplates } from './database-templates';
import { InfrastructureFault, RunCancelled, SubmissionFault } from './faults';
import { GradingCluster } from './grading-cluster';
import { JudgePool } from './judge-process/judge-pool';
import { type PracticeRequest, PracticeRoom } from './practice/practice';
import { PreparedPacks } from './prepared-pack';
import { describeMachine, describePack, type Machine } from './provenance';
import { RunFolders } from './run-folder';
import { storable } from './storable';
import { hashArchive, type SubmissionSource, takeIn } from './submission-intake';
import { type RunEvidence, runSubmission, type Workshop } from './submission-run';
import { warmStartOf } from './warm-starts';

export interface GraderOptions {
  /** Closed with the grader. */
  readonly sandbox: SandboxDriver;
  readonly runtime: PythonRuntime;
  /** The PostgreSQL to grade on, which the grader stops when it closes; left out: one of its own. */
  readonly cluster?: GradingCluster;
  /**
   * Existing folder for the files of running grades, for example from `makeWorkRoot`; its path may have at most 60 bytes. Default: the
   * system's temporary folder.
   */
  readonly workRoot?: string;
  /** Gets one line for every step that takes longer than a moment. */
  readonly onProgress?: (line: string) => void;
}

export type GradeRequest = SubmissionSource & {
  readonly pack: TaskPack;
  /** When the run was asked for, RFC 3339; queue time is measured from here. */
  readonly requestedAt?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
  /** Told where the run is: `starting`, then `checking` after each check. */
  readonly onPhase?: (progress: GradingProgress) => void;
};

export interface Grader {
  /** Grades one submission; several may run at once. Never rejects: what goes wrong is an outcome of the report. */
  grade(request: GradeRequest): Promise<GradingReport>;
  /** Runs a pack's visible checks on a project, for its author; nothing hidden is near it. Never rejects. */
  practice(request: PracticeRequest): Promise<PracticeReport>;
  /**
   * Starts databases and builds a pack's templates ahead of the first submission. Rejects with the fault's name and message.
   *
   * @param slots how many grades will run at once
   */
  prepare(pack: TaskPack, slots?: number): Promise<void>;
  /** Ends judge processes and sandboxes, waits for databases that are being dropped and stops the database server. */
  close(): Promise<void>;
}

/** Findings in a report: the first by file, line and rule. Checks see all of them. */
const MAX_FINDINGS = 500;

/** Version of the grader, part of every grade. */
export const GRADER_VERSION = readVersion();

/** A grader with a throwaway PostgreSQL of its own, which is started with the first grade. */
export function createGrader(options: GraderOptions): Grader {
  const onProgress = options.onProgress ?? (() => undefined);
  const workRoot = options.workRoot ?? os.tmpdir();
  const folders = new RunFolders(workRoot, onProgress);
  const cluster = options.cluster ?? new GradingCluster(onProgress);
  const dropping = new Set<Promise<void>>();
  void folders.removeAbandoned();
  const workshop: Workshop = {
    driver: options.sandbox,
    runtime: options.runtime,
    folders,
    templates: new DatabaseTemplates({ driver: options.sandbox, runtime: options.runtime, workRoot }),
    prepared: new PreparedPacks(options.runtime.ruff),
    judges: new JudgePool(options.runtime.basePython, [folders.pattern]),
    clock: () => performance.now(),
    discard: (database) => {
      const dropped = database
        .drop()
        .catch((error: unknown) => onProgress(`Database ${database.name} could not be dropped: ${String(error)}`))
        .finally(() => dropping.delete(dropped));
      dropping.add(dropped);
    },
  };
  let machine: Promise<Machine> | null = null;
  const describe = (): Promise<Machine> => {
    machine ??= describeMachine(options.sandbox, options.runtime);
    return machine;
  };
  const practiceRoom = new PracticeRoom(workshop, GRADER_VERSION, () => cluster.lease());
  return {
    grade: (request) => grade(workshop, cluster, describe(), request, onProgress),
    practice: (request) => practiceRoom.run(request),
    async prepare(pack, slots = 1) {
      void describe();
      workshop.judges.warm();
      await Promise.all([
        workshop.prepared.get(pack),
        options.sandbox.warm(warmStartOf(pack)),
        cluster.running(slots).then((servers) => Promise.all(servers.map((server) => workshop.templates.prepare(server, pack)))),
      ]);
    },
    async close() {
      await Promise.all([workshop.judges.close(), practiceRoom.close()]);
      await Promise.all([...dropping, folders.close(), options.sandbox.close()]);
      await cluster.close();
    },
  };
}

async function grade(
  workshop: Workshop,
  cluster: GradingCluster,
  machine: Promise<Machine>,
  request: GradeRequest,
  log: (line: string) => void,
): Promise<GradingReport> {
  const clock = workshop.clock;
  const begin = clock();
  const queueMs = request.requestedAt ? Math.max(0, Math.round(Date.now() - Date.parse(request.requestedAt))) : null;
  let startedAt: number | null = null;
  let submissionHash: string | null = null;
  let postgres = 'not started';
  let evidence: RunEvidence = { checks: [], findings: [], checksMs: {} };
  let ending: Pick<GradingReport, 'outcome' | 'reason'> = { outcome: 'graded', reason: null };
  try {
    evidence = await workshop.folders.use(async (workDir) => {
      const projectDir = path.join(workDir, 'project');
      const taken = await takeIn(request, projectDir, request.pack);
      submissionHash = taken.contentHash;
      const lease = await cluster.lease();
      postgres = lease.server.postgres.version;
      return runSubmission(workshop, {
        pack: request.pack,
        cluster: lease.server,
        taken,
        projectDir,
        workDir,
        signal: request.signal ?? new AbortController().signal,
        onProgress: request.onProgress ?? log,
        onPhase: request.onPhase ?? (() => undefined),
        onStarted: () => {
          startedAt = clock();
        },
      }).finally(() => lease.release());
    });
  } catch (error) {
    ending = endingOf(error);
  }
  const end = clock();
  const archiveSha256 = await hashArchive(request);
  return {
    schema: REPORT_SCHEMA_ID,
    version: 1,
    ...storable(ending),
    checks: storable(evidence.checks),
    findings: storable(evidence.findings.slice(0, MAX_FINDINGS)),
    provenance: {
      ...(await machine),
      ...(await describePack(request.pack)),
      // Zeros for what cannot be read.
      submissionHash: submissionHash ?? archiveSha256 ?? '0'.repeat(64),
      archiveSha256,
      graderVersion: GRADER_VERSION,
      postgres,
    },
    timings: {
      queueMs,
      startMs: Math.round((startedAt ?? end) - begin),
      runMs: Math.round(end - (startedAt ?? end)),
      totalMs: Math.round(end - begin),
      checksMs: evidence.checksMs,
    },
  };
}

function endingOf(error: unknown): { outcome: GradingReport['outcome']; reason: RunReason } {
  if (error instanceof SubmissionFault) return { outcome: error.outcome, reason: error.reason };
  if (error instanceof RunCancelled) {
    return {
      outcome: 'cancelled',
      reason: { code: 'cancelled', messageForCandidate: 'The run was cancelled.', messageForReviewer: error.message, log: '' },
    };
  }
  const code = error instanceof InfrastructureFault ? error.code : 'internal-error';
  const detail =
    error instanceof Error
      ? error instanceof InfrastructureFault
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  return {
    outcome: 'infra_fault',
    reason: {
      code,
      messageForCandidate: 'Grading failed on our side. It is not your fault and costs you nothing: the run will be tried again.',
      messageForReviewer: detail.slice(0, 2_000),
      log: '',
    },
  };
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null;
  if (typeof version !== 'string') throw new TypeError('package.json of the grader names no version');
  return version;
}
