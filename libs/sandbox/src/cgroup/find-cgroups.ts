import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** `cpuacct` only counts; with version 2, `cpu` does. */
export const CONTROLLERS = ['memory', 'pids', 'cpu', 'cpuacct'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** Where groups for sandboxes may be made on this machine. */
export interface CgroupParents {
  readonly version: 1 | 2;
  /** Absolute path of a writable folder for each controller that there is; with version 2 all are the same. */
  readonly folders: Readonly<Partial<Record<Controller, string>>>;
}

/** Group into which this process moves when it must leave its own; that one then remains the parent. */
const ASIDE = 'assay-judge';

interface Mount {
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Finds a hierarchy in which this process may make groups; null when there is none. `why` says what stood in the way. */
export async function findCgroups(): Promise<{ parents: CgroupParents | null; why: string }> {
  const mounts = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
  const own = parseOwnGroups(await readFile('/proc/self/cgroup', 'utf8').catch(() => ''));
  const unified = mounts.find((mount) => mount.type === 'cgroup2');
  if (unified) {
    const available = await wordsOf(path.join(unified.mountPoint, 'cgroup.controllers'));
    if (available.includes('memory') && available.includes('pids')) {
      const folder = await writableUnified(unified, own.get('') ?? '/');
      if (!folder) return { parents: null, why: 'cgroup v2 is there, but this user may not make groups in it' };
      return {
        parents: { version: 2, folders: { memory: folder, pids: folder, ...(available.includes('cpu') && { cpu: folder }) } },
        why: '',
      };
    }
  }
  const folders: Partial<Record<Controller, string>> = {};
  for (const controller of CONTROLLERS) {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const folder = mount && (await firstWritable(candidates(mount, own.get(controller) ?? '/')));
    if (folder) folders[controller] = folder;
  }
  if (folders.memory && folders.pids) return { parents: { version: 1, folders }, why: '' };
  const isMounted = mounts.some(({ type }) => type.startsWith('cgroup'));
  return {
    parents: null,
    why: isMounted ? 'cgroups are mounted, but this user may not make groups in them' : 'no cgroups are mounted',
  };
}

/** The group of this process first, so that its own limits still hold, then the top of what is mounted. */
function candidates(mount: Mount, ownPath: string): string[] {
  const below = mount.root !== '/' && ownPath.startsWith(mount.root) ? ownPath.slice(mount.root.length) : ownPath;
  const own = path.basename(below) === ASIDE ? path.dirname(below) : below;
  return [...new Set([path.join(mount.mountPoint, own), mount.mountPoint])];
}

async function firstWritable(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) if (await isWritable(folder)) return folder;
  return null;
}

async function isWritable(folder: string): Promise<boolean> {
  const trial = path.join(folder, `assay-trial-${process.pid}`);
  try {
    await mkdir(trial);
    await rmdir(trial);
    return true;
  } catch {
    return false;
  }
}

/** A v2 folder whose children get the controllers. A group with processes cannot give them, except the machine's topmost one. */
async function writableUnified(mount: Mount, ownPath: string): Promise<string | null> {
  for (const folder of candidates(mount, ownPath)) {
    if ((await isWritable(folder)) && (await giveControllers(folder))) return folder;
  }
  return null;
}

async function giveControllers(folder: string): Promise<boolean> {
  const control = path.join(folder, 'cgroup.subtree_control');
  const has = async (): Promise<boolean> => {
    const given = await wordsOf(control);
    return given.includes('memory') && given.includes('pids');
  };
  if (await has()) return true;
  const available = await wordsOf(path.join(folder, 'cgroup.controllers'));
  const wanted = CONTROLLERS.filter((controller) => available.includes(controller));
  // One by one: a controller that is refused must not take the others with it.
  const enable = async (): Promise<void> => {
    for (const controller of wanted) await writeFile(control, `+${controller}`).catch(() => undefined);
  };
  await enable();
  if (await has()) return true;
  // In a container, the topmost group that can be seen holds this process. When it is ours alone, it may move aside.
  const processes = await wordsOf(path.join(folder, 'cgroup.procs'));
  if (processes.join() !== String(process.pid)) return false;
  const aside = path.join(folder, ASIDE);
  await mkdir(aside, { recursive: true });
  await writeFile(path.join(aside, 'cgroup.procs'), String(process.pid)).catch(() => undefined);
  await enable();
  return has();
}

async function wordsOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(() => '')).split(/\s+/).filter(Boolean);
}

/** Format: proc_pid_mountinfo(5). */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , , root, mountPoint] = before?.split(' ') ?? [];
    const [type, , options] = after?.split(' ') ?? [];
    return root && mountPoint && type ? [{ root, mountPoint, type, options: options?.split(',') ?? [] }] : [];
  });
}

/** Path of this process by controller; under the empty name for version 2. Format: cgroups(7). */
export function parseOwnGroups(text: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    if (match) for (const controller of String(match[1]).split(',')) groups.set(controller, String(match[2]));
  }
  return groups;
}
