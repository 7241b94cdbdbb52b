import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { type LaunchSpec, planLaunch } from './bubblewrap/launch-plan';
import { examineMachine, type Readiness, requireReadiness } from './bubblewrap/readiness';
import { SandboxProcess } from './bubblewrap/sandbox-process';
import { removeAbandonedCgroups, SandboxCgroup } from './cgroup/sandbox-cgroup';
import { checkProgramSpec, checkSpec } from './check-spec';
import { HostUsers } from './host-user';
import { checkLeftOut, type LeaveOut } from './layers/leave-out';
import { planRoot } from './layers/root-plan';
import { Scratch } from './layers/scratch';
import { asProgram, DEFAULT_LINE_LIMITS } from './program';
import { ProgramReport } from './program-report';
import type {
  LayerStatus,
  ProgramSpec,
  RunningProgram,
  RunningSandbox,
  SandboxBase,
  SandboxDriver,
  SandboxLayer,
  SandboxSpec,
} from './sandbox';
import { type Report, StartReport } from './start-report';

const MIB = 1024 * 1024;

export interface BubblewrapOptions extends LeaveOut {
  /** Path of `bwrap` when it is not at a usual place. */
  readonly program?: string;
}

/** Runs submissions with bubblewrap: namespaces, a minimal read-only root, rlimits, a system call filter and, where there are, cgroups. */
export class BubblewrapDriver implements SandboxDriver {
  readonly name = 'bubblewrap';
  private readonly program: string | undefined;
  private readonly without: ReadonlySet<SandboxLayer>;
  private readonly scratch = new Scratch();
  private readonly users = new HostUsers();
  private readonly sharedUser: number | null;
  private ready: Promise<Readiness> | null = null;

  /** @throws LayerCannotBeLeftOut */
  constructor({ program, without = [] }: BubblewrapOptions = {}) {
    this.program = program;
    this.without = checkLeftOut(this.name, without, {});
    this.sharedUser = this.users.take();
  }

  async probe(): Promise<LayerStatus[]> {
    return (await examineMachine(this.program)).rows;
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await checkSpec(spec);
    return this.launch({ ...spec, entry: { program: null, wsgi: spec.wsgi, migrate: spec.migrate } }, new StartReport());
  }

  async run(spec: ProgramSpec): Promise<RunningProgram> {
    await checkProgramSpec(spec);
    const report = new ProgramReport(spec.lines ?? DEFAULT_LINE_LIMITS, spec.onLine ?? (() => undefined));
    const sandbox = await this.launch({ ...spec, entry: { program: spec.program, wsgi: '', migrate: false } }, report);
    return asProgram(sandbox, report);
  }

  private async launch(spec: LaunchSpec, report: Report): Promise<RunningSandbox> {
    const { without } = this;
    const ready = await this.readiness();
    const isReused = without.has('single-use');
    const user = without.has('privileges') ? null : isReused ? this.sharedUser : this.users.take();
    if (user !== null) await openSockets(spec);
    const cgroup = ready.cgroups && (await SandboxCgroup.create(ready.cgroups, this.cgroupLimits(spec)));
    const plan = planLaunch(spec, {
      ready,
      root: await planRoot(spec.runtime, without, await this.rootOf(spec)),
      cgroupFiles: cgroup?.processFiles ?? [],
      user,
      without,
      sharedTemporary: isReused ? await this.scratch.sharedTemporary() : null,
    });
    const logBytes = without.has('output-limit') ? Number.MAX_SAFE_INTEGER : spec.limits.logBytes;
    const environment = without.has('environment') ? process.env : {};
    const sandbox = new SandboxProcess(plan, spec.runtime.basePython, { ...spec.limits, logBytes }, cgroup, environment, report);
    return isReused ? this.scratch.keepAlive(sandbox) : sandbox;
  }

  async warm(): Promise<void> {
    // Every start is cold.
  }

  async close(): Promise<void> {
    await this.scratch.close();
  }

  private rootOf(spec: SandboxBase): Promise<string> | string {
    return this.without.has('read-only') ? this.scratch.copyOfRoot(spec.runtime.root) : spec.runtime.root;
  }

  private cgroupLimits({ limits }: SandboxBase): { memoryBytes: number; processes: number } | null {
    return this.without.has('cgroup-limits') ? null : { memoryBytes: limits.memoryMiB * MIB, processes: limits.processes };
  }

  /** Examined once; again after a refusal, because an operator may have put it right. */
  private readiness(): Promise<Readiness> {
    this.ready ??= this.examine().catch((error: unknown) => {
      this.ready = null;
      throw error;
    });
    return this.ready;
  }

  private async examine(): Promise<Readiness> {
    const ready = await requireReadiness(this.program);
    if (ready.cgroups) await removeAbandonedCgroups(ready.cgroups);
    return ready;
  }
}

/** The submission runs as another user than a judge that is root; connecting to a socket needs the right to write to it. */
export async function openSockets(spec: SandboxBase): Promise<void> {
  if (spec.databaseSocketDir) await openSocket(spec.databaseSocketDir, '.s.PGSQL.5432');
  if (spec.redisSocketDir) await openSocket(spec.redisSocketDir, 'redis.sock');
  if (spec.monitoringSocketDir) await openSocket(spec.monitoringSocketDir, 'sentry.sock');
}

async function openSocket(folder: string, name: string): Promise<void> {
  const socket = path.join(folder, name);
  await chmod(folder, 0o755);
  if (await stat(socket).catch(() => null)) await chmod(socket, 0o777);
}
