import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs `work` while no other process of this machine runs it for the same file. A lock whose process died is taken over.
 * It saves double work; correctness must not rest on it (the work ends with one rename).
 */
export async function withBuildLock<T>(lockFile: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; !(await take(lockFile)); attempt += 1) {
    if (attempt === 0) onWait();
    await wait(500);
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function take(lockFile: string): Promise<boolean> {
  const mine = `${process.pid} ${await startTimeOf(process.pid)}`;
  try {
    await writeFile(lockFile, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = await readFile(lockFile, 'utf8').catch(() => null);
  if (holder === null || (await isAlive(holder))) return false;
  const taken = `${lockFile}.${process.pid}`;
  await rename(lockFile, taken).catch(() => undefined);
  await rm(taken, { force: true });
  return false;
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid, startTime] = holder.split(' ');
  // Empty between the creation and the writing of a lock.
  if (!pid || !startTime) return true;
  return (await startTimeOf(Number(pid))) === startTime;
}

/** Clock ticks from boot to the start of a process (field 22 of /proc/PID/stat), which tells it from a later one with its number. */
async function startTimeOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone';
}
