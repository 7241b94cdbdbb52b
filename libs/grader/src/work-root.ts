import { constants } from 'node:fs';
import { access, mkdtemp, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ownedName, removeAbandoned } from './abandoned-folders';

const PREFIX = 'assay-work';
/** Memory as a file system. What is written there counts as memory of the judge's own cgroup, not of the sandbox's. */
const MEMORY = '/dev/shm';
/** `f_type` of tmpfs (linux/magic.h). */
const TMPFS = 0x01021994;
/** A submission has at most 64 MiB (`SUBMISSION_LIMITS`), and some run at once. */
const ROOM_BYTES = 1024 * 1024 * 1024;

/**
 * Makes a folder of this process alone for the files of its grades: in memory where there is room, where making a file costs a fraction
 * of what it does on a disk; else in the system's temporary folder. What killed processes left is removed. The caller removes it.
 * @param memory a folder that may be in memory
 */
export async function makeWorkRoot(memory: string = MEMORY): Promise<string> {
  for (const parent of [memory, os.tmpdir()]) await removeAbandoned(parent, PREFIX).catch(() => undefined);
  return mkdtemp(path.join((await hasRoom(memory)) ? memory : os.tmpdir(), ownedName(PREFIX)));
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
