import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CgroupParents } from './find-cgroups';

export interface CgroupLimits {
  readonly memoryBytes: number;
  readonly processes: number;
}

export interface CgroupCounters {
  readonly memoryKills: number | null;
  readonly processesRefused: number | null;
  readonly peakMemoryBytes: number | null;
  readonly cpuMs: number | null;
}

/** What a group uses now. */
export interface CgroupUse {
  readonly memoryBytes: number;
  readonly processes: readonly number[];
}

/** bubblewrap's own process lives in the group as well. */
const OWN_PROCESSES = 1;
/** One processor for all processes of a sandbox together: microseconds of CPU in each period. */
const CPU_PERIOD = 100_000;
const REMOVE_SECONDS = 5;

/** One group for one sandbox: limits that hold for all its processes together, counters of the kernel, and a way to find them all. */
export class SandboxCgroup {
  /** With version 2 a peak is reset for one open file only (kernel 6.12 and later); null where it cannot be. */
  private peak: FileHandle | null = null;
  private isPeakReset = false;

  private constructor(
    private readonly version: 1 | 2,
    private readonly folders: readonly string[],
  ) {}

  /** @param limits null for a group that only counts */
  static async create(parents: CgroupParents, limits: CgroupLimits | null): Promise<SandboxCgroup> {
    const name = `assay-${process.pid}-${randomBytes(4).toString('hex')}`;
    const folders = [...new Set(Object.values(parents.folders))].map((folder) => path.join(folder, name));
    const cgroup = new SandboxCgroup(parents.version, folders);
    try {
      for (const folder of folders) await mkdir(folder);
      const own = limits && { ...limits, processes: limits.processes + OWN_PROCESSES };
      for (const [file, value] of own ? limitFiles(parents.version, own) : []) await cgroup.write(file, value);
      if (own && parents.version === 2) await cgroup.write('memory.oom.group', '1');
      return cgroup;
    } catch (error) {
      await cgroup.remove();
      throw error;
    }
  }

  /** Writing `0` to each of them puts the writing process into the group. */
  get processFiles(): string[] {
    return this.folders.map((folder) => path.join(folder, 'cgroup.procs'));
  }

  /** Changes the limits of a group in which processes live that are to survive a sandbox. */
  async setLimits(limits: CgroupLimits): Promise<void> {
    const files = limitFiles(this.version, limits);
    // With version 1, the limit with swap is never below the one without: which of them goes first depends on the direction.
    for (const [file, value] of files)
      await this.write(file, value).catch(async () => {
        for (const [other, otherValue] of [...files].reverse()) await this.write(other, otherValue).catch(() => undefined);
        await this.write(file, value);
      });
  }

  async use(): Promise<CgroupUse> {
    const memory = await this.read(this.version === 2 ? 'memory.current' : 'memory.usage_in_bytes');
    const processes = (await this.read('cgroup.procs'))?.split('\n').filter(Boolean) ?? [];
    return { memoryBytes: integer(memory) ?? 0, processes: processes.map(Number) };
  }

  /** The next peak is counted from now on, or not known where the kernel cannot do that. */
  async resetPeak(): Promise<void> {
    this.isPeakReset = true;
    if (this.version === 1) {
      await this.write('memory.max_usage_in_bytes', '0');
      return;
    }
    this.peak ??= await open(path.join(String(this.folders[0]), 'memory.peak'), 'r+').catch(() => null);
    await this.peak?.write('0', 0).catch(() => this.closePeak());
  }

  async counters(): Promise<CgroupCounters> {
    const pids = { processesRefused: field(await this.read('pids.events'), 'max') };
    if (this.version === 2) {
      const cpu = field(await this.read('cpu.stat'), 'usage_usec');
      return {
        ...pids,
        memoryKills: field(await this.read('memory.events'), 'oom_kill'),
        peakMemoryBytes: integer(await this.readPeak()),
        cpuMs: cpu === null ? null : Math.round(cpu / 1000),
      };
    }
    const cpu = integer(await this.read('cpuacct.usage'));
    return {
      ...pids,
      memoryKills: field(await this.read('memory.oom_control'), 'oom_kill'),
      peakMemoryBytes: integer(await this.read('memory.max_usage_in_bytes')),
      cpuMs: cpu === null ? null : Math.round(cpu / 1e6),
    };
  }

  private async readPeak(): Promise<string | null> {
    if (!this.isPeakReset) return this.read('memory.peak');
    const { buffer, bytesRead } = (await this.peak?.read(Buffer.alloc(32), 0, 32, 0)) ?? {
      buffer: Buffer.alloc(0),
      bytesRead: 0,
    };
    return buffer.toString('utf8', 0, bytesRead);
  }

  private async closePeak(): Promise<void> {
    const { peak } = this;
    this.peak = null;
    await peak?.close().catch(() => undefined);
  }

  /** Kills what is left in the group and removes it. Gives up silently: the next start of a judge removes empty groups. */
  async remove(): Promise<void> {
    await this.closePeak();
    for (const until = Date.now() + REMOVE_SECONDS * 1000; Date.now() < until; await wait(10)) {
      for (const pid of (await this.read('cgroup.procs'))?.split('\n').filter(Boolean) ?? []) killIfAlive(Number(pid));
      const left = await Promise.all(this.folders.map(isLeftAfterRemoval));
      if (!left.includes(true)) return;
    }
  }

  /** Which folder a file is in differs between machines: some mount cpu and cpuacct together. */
  private async read(file: string): Promise<string | null> {
    for (const folder of this.folders) {
      const text = await readFile(path.join(folder, file), 'utf8').catch(() => null);
      if (text !== null) return text;
    }
    return null;
  }

  private async write(file: string, value: string): Promise<void> {
    const isOptional = OPTIONAL.has(file);
    for (const folder of this.folders) {
      const present = (await readdir(folder)).includes(file);
      if (present)
        return writeFile(path.join(folder, file), value).catch((error: unknown) =>
          isOptional ? undefined : Promise.reject(error),
        );
    }
    if (!isOptional) throw new Error(`The cgroup has no ${file}`);
  }
}

const OPTIONAL = new Set([
  'memory.memsw.limit_in_bytes',
  'memory.swap.max',
  'memory.oom.group',
  'cpu.max',
  'cpu.cfs_period_us',
  'cpu.cfs_quota_us',
]);

function limitFiles(version: 1 | 2, limits: CgroupLimits): [string, string][] {
  const memory = String(limits.memoryBytes);
  const pids: [string, string] = ['pids.max', String(limits.processes)];
  if (version === 2) {
    return [pids, ['memory.max', memory], ['memory.swap.max', '0'], ['cpu.max', `${CPU_PERIOD} ${CPU_PERIOD}`]];
  }
  return [
    pids,
    ['memory.limit_in_bytes', memory],
    ['memory.memsw.limit_in_bytes', memory],
    ['cpu.cfs_period_us', String(CPU_PERIOD)],
    ['cpu.cfs_quota_us', String(CPU_PERIOD)],
  ];
}

/** Removes groups that a judge left behind when it was killed; their processes died with it. */
export async function removeAbandonedCgroups(parents: CgroupParents): Promise<void> {
  for (const folder of new Set(Object.values(parents.folders))) {
    for (const name of await readdir(folder).catch(() => [])) {
      const owner = /^assay-(\d+)-[0-9a-f]+$/.exec(name)?.[1];
      const isAlive = owner !== undefined && (await readFile(`/proc/${owner}/stat`).catch(() => null)) !== null;
      if (owner !== undefined && !isAlive) await rmdir(path.join(folder, name)).catch(() => undefined);
    }
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function isLeftAfterRemoval(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function field(text: string | null, name: string): number | null {
  return integer(
    text
      ?.split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? null,
  );
}

function integer(text: string | null): number | null {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isSafeInteger(value) ? value : null;
}
