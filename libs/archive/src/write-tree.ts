import { createHash } from 'node:crypto';
import { chmodSync, closeSync, constants, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { EntrySource } from './archive-entry';
import { ArchiveError } from './archive-error';
import type { ArchiveLimits } from './archive-limits';
import { changedWhileReading } from './folder-entries';
import { accepted, type Survey } from './survey';

const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;
const PRIVATE_MODE = 0o700;
/**
 * Small files on a local disk are written without waiting for a thread, which takes several times as long as the writing itself. After so
 * many, whatever else this process has to do gets its turn.
 */
const FILES_AT_A_TIME = 50;

/**
 * Writes a surveyed source into `targetDir`, which must not exist yet; its missing parents are created for this user only. Files get
 * mode 0644 and folders 0755 whatever the source says. On failure nothing stays behind.
 * @throws ArchiveError
 */
export async function writeTree(
  source: EntrySource,
  plan: Survey,
  targetDir: string,
  limits: ArchiveLimits,
  sourceBytes: number | null,
): Promise<void> {
  await mkdir(dirname(targetDir), { recursive: true, mode: PRIVATE_MODE });
  try {
    await mkdir(targetDir);
  } catch (cause) {
    const message = `Cannot create ${targetDir}. It must not exist yet, and its parent must be writable.`;
    throw new ArchiveError('target-exists', message, undefined, { cause });
  }
  try {
    await chmod(targetDir, FOLDER_MODE);
    await writeInto(source, plan, targetDir, limits, sourceBytes);
  } catch (error) {
    await rm(targetDir, { recursive: true, force: true });
    throw error;
  }
}

async function writeInto(
  source: EntrySource,
  plan: Survey,
  targetDir: string,
  limits: ArchiveLimits,
  sourceBytes: number | null,
) {
  const expected = new Map(plan.files.map((file) => [file.path, file.sha256]));
  const created = new Set(['']);
  let written = 0;
  for await (const { path, kind, entry } of accepted(source, limits, sourceBytes, plan.root)) {
    const folder = kind === 'folder' ? path : parentOf(path);
    createFolders(targetDir, folder, created);
    if (kind === 'folder') continue;
    const sha256 = await writeFile(join(targetDir, path), entry.content());
    if (expected.get(path) !== sha256) throw changedWhileReading(path);
    expected.delete(path);
    written += 1;
    if (written % FILES_AT_A_TIME === 0) await othersFirst();
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw changedWhileReading(missing);
}

function createFolders(targetDir: string, path: string, created: Set<string>): void {
  if (created.has(path)) return;
  createFolders(targetDir, parentOf(path), created);
  const folder = join(targetDir, path);
  mkdirSync(folder);
  chmodSync(folder, FOLDER_MODE);
  created.add(path);
}

async function writeFile(path: string, content: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, FILE_MODE);
  try {
    // The mode given to open() is cut by the umask.
    fchmodSync(file, FILE_MODE);
    for await (const chunk of content) {
      hash.update(chunk);
      for (let written = 0; written < chunk.length; ) written += writeSync(file, chunk, written);
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? '' : path.slice(0, end);
}
