import type { CgroupParents } from '../cgroup/find-cgroups';
import { type CgroupCounters, type CgroupLimits, type CgroupUse, SandboxCgroup } from '../cgroup/sandbox-cgroup';

/**
 * The group of a slot, in which its zygotes live and every sandbox is born: joining another would cost several milliseconds. The
 * sandbox's limits are therefore those of the spec and, on top, what the zygotes use while nothing runs.
 */
export class SlotCgroup {
  private idle: CgroupUse = { memoryBytes: 0, processes: [] };
  private limits: CgroupLimits | null = null;
  private before: CgroupCounters | null = null;

  private constructor(private readonly cgroup: SandboxCgroup) {}

  static async create(parents: CgroupParents): Promise<SlotCgroup> {
    return new SlotCgroup(await SandboxCgroup.create(parents, null));
  }

  get processFiles(): string[] {
    return this.cgroup.processFiles;
  }

  /** Call it while no sandbox runs. */
  async measureIdle(): Promise<void> {
    this.idle = await this.cgroup.use();
    this.limits = null;
  }

  /** Before a sandbox starts. @param limits null for none */
  async prepare(limits: CgroupLimits | null): Promise<void> {
    if (limits && (limits.memoryBytes !== this.limits?.memoryBytes || limits.processes !== this.limits.processes)) {
      await this.cgroup.setLimits({
        memoryBytes: limits.memoryBytes + this.idle.memoryBytes,
        processes: limits.processes + this.idle.processes.length,
      });
      this.limits = limits;
    }
    await this.cgroup.resetPeak();
    this.before = await this.cgroup.counters();
  }

  /** What the sandbox did that started after `prepare`. */
  async counters(): Promise<CgroupCounters> {
    const now = await this.cgroup.counters();
    const since = (after: number | null, before: number | null | undefined): number | null =>
      after === null || before === null || before === undefined ? null : Math.max(0, after - before);
    return {
      memoryKills: since(now.memoryKills, this.before?.memoryKills),
      processesRefused: since(now.processesRefused, this.before?.processesRefused),
      cpuMs: since(now.cpuMs, this.before?.cpuMs),
      peakMemoryBytes: since(now.peakMemoryBytes, this.idle.memoryBytes),
    };
  }

  /** Host process ids of the sandbox that runs. */
  async processIds(): Promise<number[]> {
    const idle = new Set(this.idle.processes);
    return (await this.cgroup.use()).processes.filter((id) => !idle.has(id));
  }

  remove(): Promise<void> {
    return this.cgroup.remove();
  }
}
