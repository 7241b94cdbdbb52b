import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkSpec } from './bubblewrap/check-spec';
import { HostUsers } from './bubblewrap/host-user';
import { planLaunch } from './bubblewrap/launch-plan';
import { examineMachine, type Readiness, requireReadiness } from './bubblewrap/readiness';
import { SandboxProcess } from './bubblewrap/sandbox-process';
import { removeAbandonedCgroups, SandboxCgroup } from './cgroup/sandbox-cgroup';
import type { LayerStatus, RunningSandbox, SandboxDriver, SandboxSpec } from './sandbox';

const MIB = 1024 * 1024;

/** Runs submissions with bubblewrap: namespaces, a minimal read-only root, rlimits, a system call filter and, where there are, cgroups. */
export class BubblewrapDriver implements SandboxDriver {
  readonly name = 'bubblewrap';
  private readonly users = new HostUsers();
  private ready: Promise<Readiness> | null = null;

  /** @param program path of `bwrap` when it is not at a usual place */
  constructor(private readonly program?: string) {}

  async probe(): Promise<LayerStatus[]> {
    return (await examineMachine(this.program)).rows;
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await checkSpec(spec);
    const ready = await this.readiness();
    const user = this.users.take();
    if (user !== null && spec.databaseSocketDir) await openDatabaseSocket(spec.databaseSocketDir);
    const limits = { memoryBytes: spec.limits.memoryMiB * MIB, processes: spec.limits.processes };
    const cgroup = ready.cgroups && (await SandboxCgroup.create(ready.cgroups, limits));
    const plan = planLaunch(spec, ready, cgroup?.processFiles ?? [], user);
    return new SandboxProcess(plan, spec.runtime.basePython, spec.limits, cgroup);
  }

  async warm(): Promise<void> {
    // Every start is cold.
  }

  async close(): Promise<void> {
    // Nothing is kept ready.
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
async function openDatabaseSocket(folder: string): Promise<void> {
  const socket = path.join(folder, '.s.PGSQL.5432');
  await chmod(folder, 0o755);
  if (await stat(socket).catch(() => null)) await chmod(socket, 0o777);
}
