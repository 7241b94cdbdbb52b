import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { openSockets } from './bubblewrap';
import { httpSocketIn } from './bubblewrap/launch-plan';
import { removeAbandonedCgroups } from './cgroup/sandbox-cgroup';
import { checkSpec } from './check-spec';
import { HostUsers } from './host-user';
import { checkLeftOut, type LeaveOut } from './layers/leave-out';
import { planRoot } from './layers/root-plan';
import { Scratch } from './layers/scratch';
import type { PythonRuntime } from './runtime';
import type { LayerStatus, RunningSandbox, SandboxDriver, SandboxLayer, SandboxSpec } from './sandbox';
import { examineMachine, requireReadiness, type ZygoteReadiness } from './zygote/readiness';
import { planRun } from './zygote/run-plan';
import { ZygoteSandbox } from './zygote/sandbox';
import { ZygoteSlot } from './zygote/slot';
import { planZygote } from './zygote/zygote-plan';

const MIB = 1024 * 1024;

export interface ZygoteOptions extends LeaveOut {
  /** Absolute path of a folder below which every folder of every spec lies. It must exist at the first start. */
  readonly workRoot: string;
}

/**
 * Runs each submission in a fork of a Python that has imported what it needs (a zygote). A slot, with a zygote of its own, is taken at
 * `start` and given back when the sandbox has ended; there are as many slots as sandboxes ever ran at once.
 */
export class ZygoteDriver implements SandboxDriver {
  readonly name = 'zygote';
  private readonly workRoot: string;
  private readonly without: ReadonlySet<SandboxLayer>;
  private readonly scratch: Scratch;
  private readonly users = new HostUsers();
  private readonly sharedUser: number | null;
  private readonly slots = new Set<ZygoteSlot>();
  private readonly idle: ZygoteSlot[] = [];
  private ready: Promise<ZygoteReadiness> | null = null;

  /** @throws LayerCannotBeLeftOut */
  constructor({ workRoot, without = [] }: ZygoteOptions) {
    if (!path.isAbsolute(workRoot)) throw new TypeError(`workRoot must be an absolute path, not ${workRoot}`);
    this.workRoot = path.normalize(workRoot);
    this.without = checkLeftOut(this.name, without, {});
    this.scratch = new Scratch(this.workRoot);
    this.sharedUser = this.users.take();
  }

  async probe(): Promise<LayerStatus[]> {
    return (await examineMachine()).rows;
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await checkSpec(spec);
    const { without } = this;
    const isReused = without.has('single-use');
    const user = isReused ? this.sharedUser : this.users.take();
    const plan = planRun(spec, {
      workRoot: this.workRoot,
      user,
      without,
      sharedTemporary: isReused ? await this.scratch.sharedTemporary() : null,
      environment: (await this.rootPlan(spec.runtime)).environment,
    });
    if (user !== null) await openSockets(spec);
    const slot = await this.takeSlot(spec.runtime);
    const { memoryMiB, processes } = spec.limits;
    await slot.cgroup?.prepare(without.has('cgroup-limits') ? null : { memoryBytes: memoryMiB * MIB, processes });
    const logBytes = without.has('output-limit') ? Number.MAX_SAFE_INTEGER : spec.limits.logBytes;
    const sandbox = new ZygoteSandbox(slot, httpSocketIn(spec.workDir), plan, { ...spec.limits, logBytes }, () =>
      this.giveBack(slot),
    );
    return isReused ? this.scratch.keepAlive(sandbox) : sandbox;
  }

  async warm(): Promise<void> {}

  async close(): Promise<void> {
    await this.scratch.close();
    this.idle.splice(0);
    await Promise.all([...this.slots].map((slot) => this.discard(slot)));
  }

  private async takeSlot(runtime: PythonRuntime): Promise<ZygoteSlot> {
    for (let slot = this.idle.pop(); slot; slot = this.idle.pop()) {
      if (slot.isAlive && isSame(slot.runtime, runtime)) return slot;
      await this.discard(slot);
    }
    const { cgroups } = await this.readiness();
    const plan = planZygote(runtime, await this.rootPlan(runtime), await realpath(this.workRoot), this.without);
    const slot = await ZygoteSlot.open(runtime, cgroups, plan, {});
    this.slots.add(slot);
    return slot;
  }

  private giveBack(slot: ZygoteSlot): void {
    // Without a process namespace, only the zygote's own end takes everything with it.
    if (!slot.isAlive || this.without.has('pid-namespace')) void this.discard(slot);
    else this.idle.push(slot);
  }

  private async discard(slot: ZygoteSlot): Promise<void> {
    this.slots.delete(slot);
    await slot.close();
  }

  private async rootPlan(runtime: PythonRuntime): ReturnType<typeof planRoot> {
    const root = this.without.has('read-only') ? await this.scratch.copyOfRoot(runtime.root) : runtime.root;
    return planRoot(runtime, this.without, root);
  }

  /** Examined once; again after a refusal, because an operator may have put it right. */
  private readiness(): Promise<ZygoteReadiness> {
    this.ready ??= this.examine().catch((error: unknown) => {
      this.ready = null;
      throw error;
    });
    return this.ready;
  }

  private async examine(): Promise<ZygoteReadiness> {
    const ready = await requireReadiness();
    if (ready.cgroups) await removeAbandonedCgroups(ready.cgroups);
    return ready;
  }
}

function isSame(a: PythonRuntime, b: PythonRuntime): boolean {
  return a.root === b.root && a.rootPython === b.rootPython && a.basePython === b.basePython;
}
