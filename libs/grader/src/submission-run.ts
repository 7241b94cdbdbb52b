import type { GradingProgress } from '@assay/contracts/grading-progress';
import type { CheckResult, Finding } from '@assay/contracts/grading-report';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { makeMonitoringFolder, monitoringSocketIn } from './check-kinds/monitoring-place';
import { readSource, type SourceReading, writtenLines } from './check-kinds/source-reading';
import { Companions } from './companions/companions';
import { SpareDatabases } from './companions/spare-databases';
import { STOPPED_FOR } from './database-limits';
import type { DatabaseTemplates } from './database-templates';
import { logTail, RunCancelled, SubmissionFault } from './faults';
import { firstAnswerFault } from './first-answer';
import type { JudgePool } from './judge-process/judge-pool';
import type { JudgeHost, JudgeProcess } from './judge-process/judge-process';
import type { JudgedPack } from './judge-process/messages';
import type { PreparedPacks } from './prepared-pack';
import { secretKeyOf } from './project-environment';
import { companionRun, type ServingProject, startProject } from './project-sandbox';
import type { RunFolders } from './run-folder';
import type { RunningCluster } from './running-cluster';
import { brokeOff, sandboxFault } from './sandbox-loss';
import { tellWithoutRows } from './start-without-rows';
import { compareWithStarter } from './starter-tables';
import { analyseFiles, newFindings, StaticAnalysisFailed } from './static-analysis';
import { SubmissionDatabase } from './submission-database';
import type { TakenIn } from './submission-intake';
import { SubmissionRedis } from './submission-redis';
import { CONNECTION_CLOSED } from './unix-http';

/** What every run of one grader shares. */
export interface Workshop {
  readonly driver: SandboxDriver;
  readonly runtime: PythonRuntime;
  readonly folders: RunFolders;
  readonly templates: DatabaseTemplates;
  readonly prepared: PreparedPacks;
  readonly judges: JudgePool;
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
  const prepared = await workshop.prepared.get(run.pack);
  const findings = findingsOf(workshop, run, prepared.starterFindings);
  // Awaited further down; a rejection before that must not count as unhandled.
  findings.catch(() => undefined);
  const source = readSource(workshop.runtime, prepared.sourceNeeds, run, run.signal);
  source.catch(() => undefined);
  const judge = workshop.judges.take();
  try {
    return await runWith(judge, workshop, run, prepared.judged, findings, source);
  } catch (error) {
    refuseCancelled(run.signal);
    throw error;
  } finally {
    await workshop.judges.giveBack(judge);
    await findings.catch(() => undefined);
    await source.catch(() => undefined);
  }
}

async function runWith(
  judge: JudgeProcess,
  workshop: Workshop,
  run: SubmissionRun,
  judged: JudgedPack,
  findings: Promise<Finding[]>,
  source: Promise<SourceReading | null>,
): Promise<RunEvidence> {
  const { pack, taken, cluster } = run;
  const { sameSettings, sameTables } = await compareWithStarter(pack, run.projectDir, taken.files);
  const template = sameTables
    ? await workshop.templates.get(cluster, pack)
    : await workshop.templates.begun(cluster, pack, taken, run.projectDir);
  refuseCancelled(run.signal);
  const database = await SubmissionDatabase.create(cluster, run.workDir, template);
  let serving: ServingProject | null = null;
  let redis: SubmissionRedis | null = null;
  let companions: Companions | null = null;
  const spares = new SpareDatabases(cluster, run.workDir);
  let tell: ((fault: SubmissionFault) => Promise<SubmissionFault>) | null = null;
  try {
    if (pack.definition.services.redis) redis = await SubmissionRedis.start(run.workDir);
    const monitoring = pack.definition.services.monitoring ? await makeMonitoringFolder(run.workDir) : null;
    const monitoringSocket = monitoring && monitoringSocketIn(monitoring);
    const secretKey = secretKeyOf(pack, taken.contentHash);
    const start = {
      driver: workshop.driver,
      runtime: workshop.runtime,
      pack,
      projectDir: run.projectDir,
      workDir: run.workDir,
      database,
      redis,
      monitoringSocketDir: monitoring,
      // Other settings may bring other apps, with migrations of their own.
      migrate: !sameTables || !sameSettings,
      sameSettings,
      contentHash: taken.contentHash,
      signal: run.signal,
    };
    const others = new Companions({ ...companionRun(start), spares });
    companions = others;
    run.onProgress('Starting the project in its sandbox');
    run.onPhase({ phase: 'starting' });
    const host: JudgeHost = {
      isServerWell: () => cluster.isWell(),
      processorUse: async () => others.processorUse((await serving?.sandbox.processIds?.()) ?? null),
      companion: (request) => others.answer(request),
      // The checks are read while the project starts, which is none of them.
      onDone: (done) => serving && run.onPhase({ phase: 'checking', done, total: judged.definitions.length }),
    };
    await judge.open(judged, { ...database.access, monitoringSocket, secretKey }, host);
    if (sameTables) {
      tell = async (fault) =>
        tellWithoutRows(fault, {
          cluster,
          template: await workshop.templates.begun(cluster, pack, taken, run.projectDir),
          start,
          open: ({ access }) => judge.open(judged, { ...access, monitoringSocket: null, secretKey }, host),
          discard: workshop.discard,
        });
    }
    // While the project starts; what goes wrong is told by `ask`.
    void judge.readChecks().catch(() => undefined);
    serving = await startProject(start);
    return await hear(judge, run, { serving, companions, database, redis, needsRows: !sameTables, findings, source });
  } catch (error) {
    refuseCancelled(run.signal);
    if (!(error instanceof SubmissionFault)) throw (await database.fault()) ?? (await redis?.fault()) ?? error;
    // What a project does when something of ours is gone says nothing about it.
    await judge.close();
    throw (
      (await database.fault()) ??
      (await redis?.fault()) ??
      judge.failure ??
      (serving && (await sandboxFault(serving.sandbox, true))) ??
      (!serving && tell ? await tell(error) : error)
    );
  } finally {
    // What a project does while it is killed nobody needs to hear.
    await Promise.all([serving?.sandbox.kill(), companions?.close(), judge.close(), redis?.stop()]);
    workshop.discard(database);
    spares.discard(workshop.discard);
  }
}

interface Courtroom {
  readonly serving: ServingProject;
  readonly companions: Companions;
  readonly database: SubmissionDatabase;
  readonly redis: SubmissionRedis | null;
  /** Whether the seed rows are still to be loaded. */
  readonly needsRows: boolean;
  readonly findings: Promise<Finding[]>;
  readonly source: Promise<SourceReading | null>;
}

async function hear(judge: JudgeProcess, run: SubmissionRun, court: Courtroom): Promise<RunEvidence> {
  const { startSeconds, runSeconds, requestSeconds } = run.pack.definition.limits;
  const { sandbox } = court.serving;
  const cancel = (): void => judge.end('run', 'the run was cancelled');
  run.signal.addEventListener('abort', cancel);
  void sandbox.exited.then(() => {
    const excess = court.serving.databaseExcess();
    // They fill the same database.
    if (excess !== null) void court.companions.close();
    judge.end('project', excess === null ? CONNECTION_CLOSED : STOPPED_FOR[excess]);
  });
  try {
    // What it prints once the rows are there may hold them, so its author must not read that.
    const printed = court.needsRows ? sandbox.log() : '';
    const first = await judge.ask({ httpSocket: sandbox.httpSocket, startSeconds, seed: court.needsRows });
    const fault = firstAnswerFault(first, startSeconds, printed, sandbox.log());
    if (fault) throw fault;
    run.onStarted();
    run.onProgress('Running the hidden checks');
    const findings = await court.findings;
    const result = await judge.check({
      runSeconds,
      requestSeconds,
      findings,
      source: await court.source,
      projectDir: run.projectDir,
      files: run.taken.files.map((file) => file.path),
      redisSocket: court.redis?.socketPath ?? null,
    });
    refuseCancelled(run.signal);
    if (result.endedIn !== null) throw timeIsOver(result.endedIn, runSeconds, sandbox.log());
    await refuseBrokenMachine(court, result.checks);
    return { checks: result.checks, findings, checksMs: result.checksMs };
  } finally {
    run.signal.removeEventListener('abort', cancel);
  }
}

async function findingsOf(workshop: Workshop, run: SubmissionRun, starterFindings: readonly Finding[]): Promise<Finding[]> {
  try {
    const found = await analyseFiles(workshop.runtime.ruff, run.projectDir, run.taken.changed, run.signal);
    return newFindings(found, starterFindings, writtenLines(run.pack, run.projectDir, found));
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
async function refuseBrokenMachine(court: Courtroom, checks: readonly CheckResult[]): Promise<void> {
  const fault =
    (await court.database.fault()) ??
    (await court.redis?.fault()) ??
    (await sandboxFault(court.serving.sandbox, brokeOff(checks)));
  if (fault) throw fault;
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new RunCancelled('the run was cancelled');
}
