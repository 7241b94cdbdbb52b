import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { openSockets } from './bubblewrap';
import { httpSocketIn, type LaunchSpec } from './bubblewrap/launch-plan';
import { removeAbandonedCgroups } from './cgroup/sandbox-cgroup';
import { checkProgramSpec, checkSpec } from './check-spec';
import { HostUsers } from './host-user';
import { checkLeftOut, type LeaveOut } from './layers/leave-out';
import { planRoot, type RootPlan } from './layers/root-plan';
import { Scratch } from './layers/scratch';
import { asProgram, DEFAULT_LINE_LIMITS } from './program';
import { ProgramReport } from './program-report';
import type { PythonRuntime } from './runtime';
import type {
  LayerStatus,
  ProgramSpec,
  RunningProgram,
  RunningSandbox,
  SandboxDriver,
  SandboxLayer,
  SandboxSpec,
  WarmStart,
} from './sandbox';
import { type Report, StartReport } from './start-report';
import { examineMachine, requireReadiness, type ZygoteReadiness } from './zygote/readiness';
import { planRun } from './zygote/run-plan';
import { ZygoteSandbox } from './zygote/sandbox';
import { ZygoteSlot } from './zygote/slot';
import { SlotPool } from './zygote/slot-pool';
import { Starters } from './zygote/starters';
import { planZygote } from './zygote/zygote-plan';

const MIB = 1024 * 1024;
/** Each takes some 15 MiB in every slot. */
const MOST_STARTERS = 3;
/** Free slots for programs, and for projects beside others, that are kept ready; each has some 55 MiB. */
const MOST_IDLE_BESIDE = 2;

export interface ZygoteOptions extends LeaveOut {
  /** Absolute path of a folder below which every folder of every spec lies. It must exist at the first start. */
  readonly workRoot: string;
  /** With it, `warm` does its work ahead of the first start; else from then on. */
  readonly runtime?: PythonRuntime;
  /** How many slots `warm` makes ahead; 1 when absent. */
  readonly readySlots?: number;
}

/**
 * Runs each submission in a fork of a Python that has imported what it needs (a zygote). A slot, with a zygote of its own, is taken at
 * `start` and given back when the sandbox has ended.
 */
export class ZygoteDriver implements SandboxDriver {
  readonly name = 'zygote';
  private readonly workRoot: string;
  private readonly readySlots: number;
  private readonly without: ReadonlySet<SandboxLayer>;
  private readonly scratch: Scratch;
  private readonly users = new HostUsers();
  private readonly sharedUser: number | null;
  private readonly starters: Starters;
  private readonly slots: SlotPool;
  /** Apart, so that a check never takes the slot that is ready for the next submission; without deep zygotes. */
  private readonly besideSlots: SlotPool;
  private readonly rootPlans = new Map<string, Promise<RootPlan>>();
  private runtime: PythonRuntime | null;
  private ready: Promise<ZygoteReadiness> | null = null;

  /** @throws LayerCannotBeLeftOut */
  constructor({ workRoot, runtime, readySlots = 1, without = [] }: ZygoteOptions) {
    if (!path.isAbsolute(workRoot)) throw new TypeError(`workRoot must be an absolute path, not ${workRoot}`);
    this.workRoot = path.normalize(workRoot);
    this.runtime = runtime ?? null;
    this.readySlots = readySlots;
    this.without = checkLeftOut(this.name, without, {});
    this.scratch = new Scratch(this.workRoot);
    this.sharedUser = this.users.take();
    this.starters = new Starters(this.workRoot, MOST_STARTERS);
    this.slots = new SlotPool((wanted) => this.openSlot(wanted), this.starters, this.workRoot);
    const none = new Starters(this.workRoot, 0);
    this.besideSlots = new SlotPool((wanted) => this.openSlot(wanted), none, this.workRoot, MOST_IDLE_BESIDE);
  }

  async probe(): Promise<LayerStatus[]> {
    const { rows, readiness } = await examineMachine();
    // The next start need not try again.
    if (readiness) this.ready ??= this.tidy(readiness);
    return rows;
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await checkSpec(spec);
    const launchSpec = { ...spec, entry: { program: null, wsgi: spec.wsgi, migrate: spec.migrate } };
    return this.launch(launchSpec, spec.warmStart, spec.isBeside ? this.besideSlots : this.slots, new StartReport());
  }

  async run(spec: ProgramSpec): Promise<RunningProgram> {
    await checkProgramSpec(spec);
    const report = new ProgramReport(spec.lines ?? DEFAULT_LINE_LIMITS, spec.onLine ?? (() => undefined));
    const launchSpec = { ...spec, entry: { program: spec.program, wsgi: '', migrate: false } };
    const sandbox = await this.launch(launchSpec, null, this.besideSlots, report);
    return asProgram(sandbox, report);
  }

  private async launch(spec: LaunchSpec, warmStart: WarmStart | null, slots: SlotPool, report: Report): Promise<RunningSandbox> {
    const { without } = this;
    const { limits } = spec;
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
    this.runtime ??= spec.runtime;
    if (warmStart) void this.starters.keep(warmStart).catch(() => undefined);
    const slot = await slots.take(spec.runtime);
    const zygote = warmStart && (await slot.deepFor(warmStart.key, spec.settings, spec.projectDir));
    const isLimited = !without.has('cgroup-limits');
    await slot.cgroup?.prepare(isLimited ? { memoryBytes: limits.memoryMiB * MIB, processes: limits.processes } : null);
    const logBytes = without.has('output-limit') ? Number.MAX_SAFE_INTEGER : limits.logBytes;
    const giveBack = (): void => this.giveBack(slot, slots);
    const sandbox = new ZygoteSandbox(slot, httpSocketIn(spec.workDir), plan, zygote, { ...limits, logBytes }, giveBack, report);
    return isReused ? this.scratch.keepAlive(sandbox) : sandbox;
  }

  async warm(start: WarmStart): Promise<void> {
    try {
      await this.starters.keep(start);
      if (this.runtime) await this.slots.prepare(this.runtime, this.readySlots);
    } catch {
      // A hint only: a start says what is wrong.
    }
  }

  async close(): Promise<void> {
    await this.scratch.close();
    await Promise.all([this.slots.close(), this.besideSlots.close()]);
    await this.starters.close();
  }

  private giveBack(slot: ZygoteSlot, slots: SlotPool): void {
    // Without a process namespace, only the zygote's own end takes everything with it.
    if (this.without.has('pid-namespace')) void slots.discard(slot);
    else slots.giveBack(slot);
  }

  private async openSlot(runtime: PythonRuntime): Promise<ZygoteSlot> {
    const { cgroups } = await this.readiness();
    const plan = planZygote(runtime, await this.rootPlan(runtime), await realpath(this.workRoot), this.without);
    return ZygoteSlot.open(runtime, cgroups, plan);
  }

  /** The same for every start with one runtime. */
  private rootPlan(runtime: PythonRuntime): Promise<RootPlan> {
    const plan = this.rootPlans.get(runtime.root) ?? this.makeRootPlan(runtime);
    this.rootPlans.set(runtime.root, plan);
    plan.catch(() => this.rootPlans.delete(runtime.root));
    return plan;
  }

  private async makeRootPlan(runtime: PythonRuntime): Promise<RootPlan> {
    const root = this.without.has('read-only') ? await this.scratch.copyOfRoot(runtime.root) : runtime.root;
    return planRoot(runtime, this.without, root);
  }

  /** Examined once; again after a refusal, because an operator may have put it right. */
  private readiness(): Promise<ZygoteReadiness> {
    this.ready ??= requireReadiness()
      .then((ready) => this.tidy(ready))
      .catch((error: unknown) => {
        this.ready = null;
        throw error;
      });
    return this.ready;
  }

  private async tidy(ready: ZygoteReadiness): Promise<ZygoteReadiness> {
    if (ready.cgroups) await removeAbandonedCgroups(ready.cgroups);
    return ready;
  }
}
