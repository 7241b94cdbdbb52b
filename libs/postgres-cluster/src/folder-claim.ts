import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, processStart } from './leftover-postmaster';

/**
 * Claims a data folder for this process through the file `<dataDir>.owner`; the claim of a process that is gone is taken over.
 * Returns the function that gives it back. Throws when a living process, this one included, holds it.
 */
export function claimFolder(dataDir: string): () => void {
  const file = `${dataDir}.owner`;
  const mine = `${file}.${process.pid}`;
  const text = `${process.pid} ${processStart(process.pid)}\n`;
  writeFileSync(mine, text);
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        linkSync(mine, file);
        return () => {
          if (existsSync(file) && readFileSync(file, 'utf8') === text) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = livingHolder(file);
      if (holder !== null) {
        throw new Error(
          `The database folder ${dataDir} is in use by process ${holder}: stop that one first, or name another folder.`,
        );
      }
      removeStale(file, `${mine}.stale`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  throw new Error(`The database folder ${dataDir} is being claimed by another process: try again.`);
}

/** Two processes may both see a dead holder: the slower one must not remove the claim that the faster one has just made. */
function removeStale(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (livingHolder(aside) !== null && !existsSync(file)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

function livingHolder(file: string): number | null {
  if (!existsSync(file)) return null;
  const [pid = '', start = ''] = readFileSync(file, 'utf8').trim().split(' ');
  const isSame = isAlive(Number(pid)) && processStart(Number(pid)) === start;
  return isSame ? Number(pid) : null;
}
