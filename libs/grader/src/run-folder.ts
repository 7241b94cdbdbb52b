import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureFault } from './faults';

/** Folders of runs carry the number of the process that made them. */
const NAME = /^assay-run-(\d+)-/;

/** A private folder below `root` for the time of one run. Throws {@link InfrastructureFault} when the disk does not give one. */
export async function withRunFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  let folder: string;
  try {
    folder = await mkdtemp(path.join(root, `assay-run-${process.pid}-`));
  } catch (error) {
    throw new InfrastructureFault('disk-failed', error instanceof Error ? error.message : String(error));
  }
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what judges that were killed left below `root`. */
export async function removeAbandonedRunFolders(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid)) continue;
    const folder = path.join(root, name);
    if (await isAbandoned(folder, pid)) await rm(folder, { recursive: true, force: true });
  }
}

/** Numbers of processes repeat, in containers with every start: a folder older than this process is not its own. */
async function isAbandoned(folder: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  const info = await stat(folder).catch(() => null);
  return info !== null && info.ctimeMs < Date.now() - process.uptime() * 1000 - 1_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
