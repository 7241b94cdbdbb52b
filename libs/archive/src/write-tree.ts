import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EntrySource } from './archive-entry';
import { ArchiveError } from './archive-error';
import type { ArchiveLimits } from './archive-limits';
import { changedWhileReading } from './folder-entries';
import { accepted, type Survey } from './survey';

const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;
const PRIVATE_MODE = 0o700;

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
  for await (const { path, kind, entry } of accepted(source, limits, sourceBytes, plan.root)) {
    const folder = kind === 'folder' ? path : parentOf(path);
    await createFolders(targetDir, folder, created);
    if (kind === 'folder') continue;
    const sha256 = await writeFile(join(targetDir, path), entry.content());
    if (expected.get(path) !== sha256) throw changedWhileReading(path);
    expected.delete(path);
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw changedWhileReading(missing);
}

async function createFolders(targetDir: string, path: string, created: Set<string>): Promise<void> {
  if (created.has(path)) return;
  await createFolders(targetDir, parentOf(path), created);
  const folder = join(targetDir, path);
  await mkdir(folder);
  await chmod(folder, FOLDER_MODE);
  created.add(path);
}

async function writeFile(path: string, content: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, FILE_MODE);
  try {
    // The mode given to open() is cut by the umask.
    await handle.chmod(FILE_MODE);
    for await (const chunk of content) {
      hash.update(chunk);
      await writeAll(handle, chunk);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await handle.write(chunk, written)).bytesWritten;
  }
}

function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? '' : path.slice(0, end);
}
