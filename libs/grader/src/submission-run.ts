import { setTimeout as sleep } from 'node:timers/promises';
import type { GradingProgress } from '@assay/contracts/grading-progress';
import type { CheckResult, Finding } from '@assay/contracts/grading-report';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { hashMigrations, hashSettings } from '@assay/task-pack/folder-hash';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { STOPPED_FOR } from './database-limits';
import type { DatabaseTemplates } from './database-templates';
import { ExpectationFailed } from './expectations';
import { InfrastructureFault, logTail, RunCancelled, SubmissionFault } from './faults';
import { askFirst } from './first-answer';
import { createCheckDatabase } from './judge-session';
import { JudgedDatabase } from './judged-database';
import { readPackData, seedDatabase } from './pack-data';
import type { PreparedPacks } from './prepared-pack';
import { type ServingProject, startProject } from './project-sandbox';
import { runChecks } from './run-checks';
import type { RunningCluster } from './running-cluster';
import { analyseFiles, newFindings, StaticAnalysisFailed } from './static-analysis';
import { SubmissionDatabase } from './submission-database';
import type { TakenIn } from './submission-intake';
import { createSubmittedFiles } from './submitted-files';
import { CONNECTION_CLOSED } from './unix-http';

/** What every run of one grader shares. */
export interface Workshop {
  readonly driver: SandboxDriver;
  readonly runtime: PythonRuntime;
  /** Folder below which every run has its own. */
  readonly workRoot: string;
  readonly templates: DatabaseTemplates;
  readonly prepared: PreparedPacks;
  /** Drops a database in the background; the grader waits for it when it closes. */
  readonly discard: (database: SubmissionDatabase) => void;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
}

export interface SubmissionRun {
  readonly pack: TaskPack;
  readonly cluster: RunningCluster;
  readonly taken: TakenIn;
  readonly projectDir: string;
  readonly workDir: string;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
  readonly onPhase: (progress: GradingProgress) => void;
  /** Called when the project answered for the first time. */
  readonly onStarted: () => void;
}

export interface RunEvidence {
  readonly checks: CheckResult[];
  readonly findings: Finding[];
  readonly checksMs: Record<string, number>;
}

/** Starts an unpacked submission and runs the hidden checks. Throws `SubmissionFault`, `InfrastructureFault` or `RunCancelled`. */
export async function runSubmission(workshop: Workshop, run: SubmissionRun): Promise<RunEvidence> {
  const { pack, taken, cluster } = run;
  const sameMigrations = hashMigrations(taken.files) === pack.starterMigrationsHash;
  const sameSettings = hashSettings(taken.files, pack.definition.framework.settings) === pack.starterSettingsHash;
  const prepared = await workshop.prepared.get(pack);
  const findings = findingsOf(workshop, run, prepared.starterFindings);
  // Awaited further down; a rejection before that must not count as unhandled.
  findings.catch(() => undefined);
  const template = sameMigrations ? await workshop.templates.get(cluster, pack) : null;
  refuseCancelled(run.signal);
  const database = await SubmissionDatabase.create(cluster, run.workDir, template);
  let judged: JudgedDatabase | null = null;
  try {
    judged = await JudgedDatabase.open(database.access, () => cluster.isWell());
    run.onProgress('Starting the project in its sandbox');
    run.onPhase({ phase: 'starting' });
    const serving = await startProject({
      driver: workshop.driver,
      runtime: workshop.runtime,
      pack,
      projectDir: run.projectDir,
      workDir: run.workDir,
      database,
      // Other settings may bring other apps, with migrations of their own.
      migrate: !sameMigrations || !sameSettings,
      contentHash: taken.contentHash,
      signal: run.signal,
    });
    try {
      if (!template) await seed(judged, pack, serving);
      const files = createSubmittedFiles(
        run.projectDir,
        taken.files.map((file) => file.path),
      );
      return await judge(workshop, run, {
        serving,
        database,
        judged,
        files,
        checks: prepared.checks,
        findings: await findings,
      });
    } finally {
      await serving.sandbox.kill();
    }
  } catch (error) {
    refuseCancelled(run.signal);
    if (judged?.proxy.fault) throw new InfrastructureFault('grading-database-failed', judged.proxy.fault.message);
    throw (await database.fault()) ?? error;
  } finally {
    await judged?.close();
    workshop.discard(database);
    await findings.catch(() => undefined);
  }
}

interface Courtroom {
  readonly serving: ServingProject;
  readonly database: SubmissionDatabase;
  readonly judged: JudgedDatabase;
  readonly files: ReturnType<typeof createSubmittedFiles>;
  readonly checks: Awaited<ReturnType<PreparedPacks['get']>>['checks'];
  readonly findings: Finding[];
}

async function judge(workshop: Workshop, run: SubmissionRun, court: Courtroom): Promise<RunEvidence> {
  const { limits, users, checks: definitions } = run.pack.definition;
  const { sandbox } = court.serving;
  const time = new AbortController();
  const server = new AbortController();
  const over = setTimeout(() => time.abort('the time for all checks is over'), limits.runSeconds * 1000);
  const cancel = (): void => time.abort('the run was cancelled');
  run.signal.addEventListener('abort', cancel);
  void sandbox.exited.then(() => {
    const excess = court.serving.databaseExcess();
    server.abort(excess === null ? CONNECTION_CLOSED : STOPPED_FOR[excess]);
  });
  const signal = AbortSignal.any([time.signal, server.signal]);
  try {
    await askFirst({ socketPath: sandbox.httpSocket, seconds: limits.startSeconds, signal, log: () => sandbox.log() });
    run.onStarted();
    run.onProgress('Running the hidden checks');
    const tellDone = (done: number) => run.onPhase({ phase: 'checking', done, total: definitions.length });
    tellDone(0);
    const result = await runChecks({
      definitions,
      functions: court.checks,
      http: {
        socketPath: sandbox.httpSocket,
        requestSeconds: limits.requestSeconds,
        users,
        proxy: court.judged.proxy,
        signal,
        now: new Date(),
      },
      database: createCheckDatabase(court.judged.session, (file) => readPackData(run.pack, file)),
      files: court.files,
      findings: court.findings,
      signal: time.signal,
      clock: workshop.clock,
      onCheckDone: tellDone,
    });
    refuseCancelled(run.signal);
    if (result.endedIn !== null) throw timeIsOver(result.endedIn, limits.runSeconds, sandbox.log());
    await refuseBrokenMachine(court);
    return { checks: result.checks, findings: court.findings, checksMs: result.checksMs };
  } finally {
    clearTimeout(over);
    run.signal.removeEventListener('abort', cancel);
  }
}

async function findingsOf(workshop: Workshop, run: SubmissionRun, starterFindings: readonly Finding[]): Promise<Finding[]> {
  try {
    const found = await analyseFiles(workshop.runtime.ruff, run.projectDir, run.taken.changed, run.signal);
    return newFindings(found, starterFindings);
  } catch (error) {
    refuseCancelled(run.signal);
    if (!(error instanceof StaticAnalysisFailed)) throw error;
    // The same program just analysed the starter, so the cause lies in these files.
    throw new SubmissionFault('ungradable', {
      code: 'analysis-failed',
      messageForCandidate:
        'The Python files of your project could not be analysed. Look for generated, extremely long or deeply nested code and leave it out.',
      messageForReviewer: error.message.slice(0, 1_000),
      log: '',
    });
  }
}

async function seed(judged: JudgedDatabase, pack: TaskPack, serving: ServingProject): Promise<void> {
  try {
    await seedDatabase(judged.session, pack);
  } catch (error) {
    if (!(error instanceof ExpectationFailed)) throw error;
    throw new SubmissionFault('ungradable', {
      code: 'seed-rows-refused',
      messageForCandidate:
        "The task's rows cannot be loaded into your project's tables. Keep the tables and columns of the starter; give new columns a database default or allow null.",
      messageForReviewer: error.message,
      log: logTail(serving.sandbox.log()),
    });
  }
}

/** What the project printed by now may hold what it was asked, so its author must not read it. */
function timeIsOver(check: string, seconds: number, log: string): SubmissionFault {
  return new SubmissionFault('timed_out', {
    code: 'run-timed-out',
    messageForCandidate: `Your project took longer than ${seconds} seconds for all requests together. Look for endpoints that hang or get slower with every row.`,
    messageForReviewer: `The time for all checks was over during "${check}". The project printed: ${logTail(log)}`,
    log: '',
  });
}

/** A run whose machine broke on the way must not be read as the candidate's. */
async function refuseBrokenMachine(court: Courtroom): Promise<void> {
  const fault = await court.database.fault();
  if (fault) throw fault;
  if (court.judged.proxy.fault) throw new InfrastructureFault('grading-database-failed', court.judged.proxy.fault.message);
  const exit = await Promise.race([court.serving.sandbox.exited, sleep(0, null)]);
  if (exit?.kind === 'infra_fault') throw new InfrastructureFault('sandbox-failed', exit.detail);
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new RunCancelled('the run was cancelled');
}
