import { writeFile } from 'node:fs/promises';
import type { CgroupParents } from './find-cgroups';
import { findCgroups } from './find-cgroups';
import { type CgroupCounters, type CgroupLimits, removeAbandonedCgroups, SandboxCgroup } from './sandbox-cgroup';

let found: Promise<CgroupParents | null> | null = null;

/**
 * A group for a server that a submission uses (PostgreSQL, Redis): memory (files in memory count too), processes, one processor, no swap.
 * When its memory is used up the kernel kills inside the group, never a neighbour.
 */
export class ServiceCgroup {
  private constructor(private readonly group: SandboxCgroup) {}

  /** Null where this machine lets us make no group (see `findCgroups`): the limits of each process are all that holds then. */
  static async create(limits: CgroupLimits): Promise<ServiceCgroup | null> {
    found ??= findParents();
    const parents = await found;
    return parents && new ServiceCgroup(await SandboxCgroup.create(parents, limits));
  }

  /** Puts a process into the group, from outside: its own user may not. What it starts from then on is born there. */
  async add(pid: number): Promise<void> {
    for (const file of this.group.processFiles) await writeFile(file, String(pid));
  }

  /** What the kernel counted since the group was made. */
  counters(): Promise<CgroupCounters> {
    return this.group.counters();
  }

  /** Kills what is left in the group and removes it. */
  remove(): Promise<void> {
    return this.group.remove();
  }
}

async function findParents(): Promise<CgroupParents | null> {
  const { parents } = await findCgroups();
  // Servers end with the judge that started them, their groups stay.
  if (parents) await removeAbandonedCgroups(parents);
  return parents;
}
