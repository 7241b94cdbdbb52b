import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ownedName } from './abandoned-folders';
import { InfrastructureFault } from './faults';

export const RUN_FOLDER_PREFIX = 'assay-run';

/** A private folder below `root` for the time of one run. Throws {@link InfrastructureFault} when the disk does not give one. */
export async function withRunFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  let folder: string;
  try {
    folder = await mkdtemp(path.join(root, ownedName(RUN_FOLDER_PREFIX)));
  } catch (error) {
    throw new InfrastructureFault('disk-failed', error instanceof Error ? error.message : String(error));
  }
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
