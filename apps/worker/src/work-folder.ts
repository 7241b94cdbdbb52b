import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Injection token of the path of this process's work folder. */
export const WORK_FOLDER = Symbol('WORK_FOLDER');

/** Short, because the paths of sockets in it are bounded; the number is the process that works there. */
const NAME = /^assay-w(\d+)-/;

/** Makes a private folder for the files of running jobs, and removes what workers that were killed have left. */
export async function openWorkFolder(parent = os.tmpdir()): Promise<string> {
  for (const name of await readdir(parent)) {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid) && (await isOurs(path.join(parent, name)))) {
      await rm(path.join(parent, name), { recursive: true, force: true });
    }
  }
  return mkdtemp(path.join(parent, `assay-w${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
