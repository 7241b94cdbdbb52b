import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Name for a folder (without its random end) that tells which process it belongs to. */
export function ownedName(prefix: string): string {
  return `${prefix}-${process.pid}-`;
}

/** Removes what processes that were killed left below `root` under names made with {@link ownedName}. */
export async function removeAbandoned(root: string, prefix: string): Promise<void> {
  for (const name of await readdir(root)) {
    const owner = name.startsWith(`${prefix}-`) ? /^(\d+)-/.exec(name.slice(prefix.length + 1))?.[1] : undefined;
    if (owner === undefined) continue;
    const location = path.join(root, name);
    if (await isAbandoned(location, Number(owner))) await rm(location, { recursive: true, force: true }).catch(ignoreNotOurs);
  }
}

/** Numbers of processes repeat, in containers with every start: what is older than this process is not its own. */
async function isAbandoned(location: string, owner: number): Promise<boolean> {
  if (owner !== process.pid) return !isAlive(owner);
  const info = await stat(location).catch(() => null);
  return info !== null && info.ctimeMs < Date.now() - process.uptime() * 1000 - 1_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Another user's: that user's processes clear it. */
function ignoreNotOurs(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
}
