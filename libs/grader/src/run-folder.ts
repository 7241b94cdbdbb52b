import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureFault } from './faults';

/** A private folder below `root` for the time of one run. Throws {@link InfrastructureFault} when the disk does not give one. */
export async function withRunFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  let folder: string;
  try {
    folder = await mkdtemp(path.join(root, 'assay-run-'));
  } catch (error) {
    throw new InfrastructureFault('disk-failed', error instanceof Error ? error.message : String(error));
  }
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
