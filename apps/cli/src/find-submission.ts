import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { SubmissionSource } from '@assay/grader/submission-intake';
import { listTaskPacks, loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution, findSolution } from '@assay/task-pack/solution-overlay';
import { TaskPackError } from '@assay/task-pack/task-pack-error';
import { UsageError } from './grade-arguments';

/** The packs that come with the product; from `src` and from `dist`. */
const TASK_PACKS = path.join(__dirname, '..', '..', '..', 'task-packs');

/** The pack of that folder, or else of that name. Throws {@link UsageError}. */
export async function findPack(name: string): Promise<TaskPack> {
  try {
    if (await isFile(path.join(name, 'task.yaml'))) return await loadTaskPack(name);
    const packs = await listTaskPacks(TASK_PACKS);
    const pack = packs.find((candidate) => candidate.slug === name);
    if (pack) return pack;
    throw new UsageError(
      `There is no task pack "${name}": give a folder with a task.yaml, or one of: ${packs.map(({ slug }) => slug).join(', ')}`,
    );
  } catch (error) {
    if (error instanceof TaskPackError) throw new UsageError(`The task pack "${name}" cannot be used: ${error.message}`);
    throw error;
  }
}

/**
 * What is to be graded: one of the pack's own solutions by name (built into the missing folder `scratch`), else a folder or an archive.
 * Throws {@link UsageError} when there is nothing of that name.
 */
export async function findSubmission(pack: TaskPack, name: string, scratch: string): Promise<SubmissionSource> {
  const solution = findSolution(pack, name.replace(/\/$/, ''));
  if (solution) {
    await buildSolution(pack, solution, scratch);
    return { folder: scratch };
  }
  const info = await stat(name).catch(() => null);
  if (info?.isDirectory()) return { folder: path.resolve(name) };
  if (info?.isFile()) return { archivePath: path.resolve(name) };
  throw new UsageError(`There is no folder, archive or solution of ${pack.slug} called "${name}"`);
}

async function isFile(location: string): Promise<boolean> {
  return (await stat(location).catch(() => null))?.isFile() ?? false;
}
