import type { PythonRuntime } from '@assay/sandbox/runtime';
import { type RunningSandbox, type SandboxBase, type SandboxDriver, SandboxUnavailable } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import type { CompanionRun } from './companions/companions';
import type { DatabaseExcess } from './database-limits';
import { InfrastructureFault, type SubmissionFault } from './faults';
import { projectEnvironment } from './project-environment';
import { sandboxLimitsOf } from './provenance';
import { startFailure } from './start-failure';
import type { SubmissionDatabase } from './submission-database';
import type { SubmissionRedis } from './submission-redis';
import { warmStartOf } from './warm-starts';

export interface ProjectStart {
  readonly driver: SandboxDriver;
  readonly runtime: PythonRuntime;
  readonly pack: TaskPack;
  readonly projectDir: string;
  readonly workDir: string;
  readonly database: SubmissionDatabase;
  /** Of a pack whose projects get one. */
  readonly redis: SubmissionRedis | null;
  /** Folder with the socket of monitoring, of a pack whose projects have that. */
  readonly monitoringSocketDir?: string | null;
  readonly migrate: boolean;
  /** Whether the settings modules are byte for byte those of the pack's starter. */
  readonly sameSettings: boolean;
  /** Identity of the submission; the same submission gets the same secret key. */
  readonly contentHash: string;
  readonly signal: AbortSignal;
}

/** A project that serves in its sandbox. */
export interface ServingProject {
  readonly sandbox: RunningSandbox;
  /** The limit of its database for which the project was stopped, else null. */
  readonly databaseExcess: () => DatabaseExcess | null;
}

/**
 * Starts a project and waits until it serves. The sandbox is dead again when this throws {@link SubmissionFault} or
 * {@link InfrastructureFault}.
 */
export async function startProject(start: ProjectStart): Promise<ServingProject> {
  const { limits } = start.pack.definition;
  const sandbox = await launch(start);
  let excess: DatabaseExcess | null = null;
  start.database.watchLimits((found) => {
    excess = found;
    void sandbox.kill();
  });
  const cancel = (): void => void sandbox.kill();
  start.signal.addEventListener('abort', cancel);
  const result = await sandbox.started;
  start.signal.removeEventListener('abort', cancel);
  if (result.outcome === 'serving') return { sandbox, databaseExcess: () => excess };
  await sandbox.kill();
  const exit = await sandbox.exited;
  throw startFailure(result, {
    log: sandbox.log(),
    limits,
    processesRefused: exit.counters.processesRefused,
    outputBytes: exit.counters.outputBytes,
    databaseExcess: excess,
  });
}

async function launch(start: ProjectStart): Promise<RunningSandbox> {
  try {
    return await start.driver.start({
      ...sandboxBase(start),
      warmStart: start.sameSettings ? warmStartOf(start.pack) : null,
      wsgi: start.pack.definition.framework.wsgi,
      migrate: start.migrate,
    });
  } catch (error) {
    const code = error instanceof SandboxUnavailable ? 'sandbox-unavailable' : 'sandbox-failed';
    throw new InfrastructureFault(code, error instanceof Error ? error.message : String(error));
  }
}

/** What the further sandboxes of a submission are made of. */
export function companionRun(start: ProjectStart): Omit<CompanionRun, 'spares'> {
  const { framework, limits } = start.pack.definition;
  return { ...sandboxBase(start), driver: start.driver, wsgi: framework.wsgi, runSeconds: limits.runSeconds };
}

/** What all sandboxes of one submission have in common. */
function sandboxBase(start: ProjectStart): SandboxBase {
  const services = { ...start.database.environment, ...start.redis?.environment };
  return {
    runtime: start.runtime,
    projectDir: start.projectDir,
    workDir: start.workDir,
    databaseSocketDir: start.database.socketDir,
    redisSocketDir: start.redis?.socketDir ?? null,
    monitoringSocketDir: start.monitoringSocketDir ?? null,
    environment: projectEnvironment(start.pack, services, start.contentHash),
    settings: start.pack.definition.framework.settings,
    limits: sandboxLimitsOf(start.pack),
  };
}
