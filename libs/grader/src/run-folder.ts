import { constants } from 'node:fs';
import { access, mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ownedName, removeAbandoned } from './abandoned-folders';
import { InfrastructureFault } from './faults';

const RUN_FOLDER_PREFIX = 'assay-run';

/** Memory as a file system. What is written there counts as memory of the judge's own cgroup, not of the sandbox's. */
const MEMORY_ROOT = '/dev/shm';
/** `f_type` of tmpfs (linux/magic.h). */
const TMPFS = 0x01021994;
/** A submission has at most 64 MiB (`SUBMISSION_LIMITS`), and several may run. */
const ROOM_BYTES = 512 * 1024 * 1024;

/** A private folder below `root` for the time of one run. Throws {@link InfrastructureFault} when the disk does not give one. */
export async function withRunFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeRunFolder(root);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folders of one grader's runs: in memory while there is room, where making a file costs a tenth of what it does on a disk. */
export class RunFolders {
  private readonly removals = new Set<Promise<void>>();

  /**
   * @param root existing folder for all of them; null: memory, or the system's temporary folder when there is no room
   * @param onProblem gets one line when something could not be removed
   * @param memoryRoot a folder that may be in memory
   */
  constructor(
    private readonly root: string | null,
    private readonly onProblem: (line: string) => void,
    private readonly memoryRoot = MEMORY_ROOT,
  ) {}

  /** Beginnings of the paths of all folders that it may make, with `*` at the end. */
  get patterns(): string[] {
    return this.roots.map((root) => path.join(root, `${RUN_FOLDER_PREFIX}-*`));
  }

  private get roots(): string[] {
    return this.root === null ? [this.memoryRoot, os.tmpdir()] : [this.root];
  }

  /** Removes what graders that were killed left. */
  async removeAbandoned(): Promise<void> {
    for (const root of this.roots) {
      await removeAbandoned(root, RUN_FOLDER_PREFIX).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') this.onProblem(`Old run folders in ${root} could not be removed: ${error.message}`);
      });
    }
  }

  /**
   * As {@link withRunFolder}, but the folder goes after the result is there; `close` waits for that. The work must have ended every
   * process that could still write there.
   */
  async use<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await makeRunFolder(this.root ?? ((await hasRoom(this.memoryRoot)) ? this.memoryRoot : os.tmpdir()));
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

/** Whether a folder is memory that this process may write to, with enough left both there and in its own share of the machine. */
async function hasRoom(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const { type, bavail, bsize } = await statfs(folder);
    return type === TMPFS && bavail * bsize >= ROOM_BYTES && process.availableMemory() >= ROOM_BYTES;
  } catch {
    return false;
  }
}
