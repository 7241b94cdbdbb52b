import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ownedName, removeAbandoned } from './abandoned-folders';
import { InfrastructureFault } from './faults';

const RUN_FOLDER_PREFIX = 'assay-run';

/** A private folder below `root` for the time of one run. Throws {@link InfrastructureFault} when the disk does not give one. */
export async function withRunFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeRunFolder(root);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folders of one grader's runs. */
export class RunFolders {
  private readonly removals = new Set<Promise<void>>();

  /**
   * @param root existing folder for all of them
   * @param onProblem gets one line when something could not be removed
   */
  constructor(
    private readonly root: string,
    private readonly onProblem: (line: string) => void,
  ) {}

  /** Beginning of the paths of all of them, with `*` at the end. */
  get pattern(): string {
    return path.join(this.root, `${RUN_FOLDER_PREFIX}-*`);
  }

  /** Removes what graders that were killed left. Never rejects. */
  async removeAbandoned(): Promise<void> {
    await removeAbandoned(this.root, RUN_FOLDER_PREFIX).catch((error: unknown) =>
      this.onProblem(`Old run folders could not be removed: ${String(error)}`),
    );
  }

  /**
   * As {@link withRunFolder}, but the folder goes after the result is there; `close` waits for that. The work must have ended every
   * process that could still write there.
   */
  async use<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await makeRunFolder(this.root);
    try {
      return await work(folder);
    } finally {
      const removal = rm(folder, { recursive: true, force: true })
        .catch((error: unknown) => this.onProblem(`${folder} could not be removed: ${String(error)}`))
        .finally(() => this.removals.delete(removal));
      this.removals.add(removal);
    }
  }

  /** Waits until every folder is gone. */
  async close(): Promise<void> {
    await Promise.all(this.removals);
  }
}

async function makeRunFolder(root: string): Promise<string> {
  try {
    return await mkdtemp(path.join(root, ownedName(RUN_FOLDER_PREFIX)));
  } catch (error) {
    throw new InfrastructureFault('disk-failed', error instanceof Error ? error.message : String(error));
  }
}
