import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
  throw new Error(`The database folder ${dataDir} is being claimed by another process: try again.`);
}

function livingHolder(file: string): number | null {
  if (!existsSync(file)) return null;
  const [pid = '', start = ''] = readFileSync(file, 'utf8').trim().split(' ');
  const isSame = isAlive(Number(pid)) && processStart(Number(pid)) === start;
  return isSame ? Number(pid) : null;
}
