import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { listFiles } from './folder-hash';
import type { PackSolution, TaskPack } from './load-task-pack';
import { TaskPackError } from './task-pack-error';

/** Files of a solution's folder that are about the solution and not part of it. */
const ABOUT = new Set(['expect.json', 'delete.txt']);

/**
 * Builds the project of a solution in the empty or missing folder `target`: the starter (with the reference over it when the solution
 * says `base: reference`), less the paths in the overlay's `delete.txt` (one a line, `#` comments), plus the overlay's files.
 */
export async function buildSolution(pack: TaskPack, solution: PackSolution, target: string): Promise<void> {
  await copyFiles(pack.starterFolder, await listFiles(pack.starterFolder), target);
  if (solution.expectation.base === 'reference') await applyOverlay(pack, pack.reference, target);
  await applyOverlay(pack, solution, target);
}

async function applyOverlay(pack: TaskPack, solution: PackSolution, target: string): Promise<void> {
  const overlay = await listFiles(solution.folder).catch(() => {
    throw new TaskPackError(`${pack.slug} has no solution "${solution.name}"`);
  });
  if (overlay.includes('delete.txt')) {
    for (const name of parseDeleteList(await readFile(path.join(solution.folder, 'delete.txt'), 'utf8'))) {
      const doomed = path.resolve(target, name);
      if (!doomed.startsWith(`${path.resolve(target)}${path.sep}`)) {
        throw new TaskPackError(`${solution.name}/delete.txt: "${name}" is outside the project`);
      }
      await rm(doomed, { recursive: true });
    }
  }
  await copyFiles(
    solution.folder,
    overlay.filter((file) => !ABOUT.has(file)),
    target,
  );
}

/** The paths that a `delete.txt` names. */
export function parseDeleteList(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The solution called `reference`, `broken/<name>` or `attacks/<name>`, or undefined. */
export function findSolution(pack: TaskPack, name: string): PackSolution | undefined {
  return [pack.reference, ...pack.broken, ...pack.attacks].find((solution) => solution.name === name);
}

async function copyFiles(from: string, files: readonly string[], to: string): Promise<void> {
  for (const file of files) {
    await mkdir(path.dirname(path.join(to, file)), { recursive: true });
    await cp(path.join(from, file), path.join(to, file));
  }
}
