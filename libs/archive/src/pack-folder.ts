import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { type ArchiveLimits, SUBMISSION_LIMITS } from './archive-limits';
import { byPath } from './content-hash';
import { folderEntries } from './folder-entries';
import { accepted } from './survey';

export interface PackedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

const EPOCH = new Date(0);
const OS_BYTE = 9;
const OS_UNKNOWN = 255;

/**
 * A folder as a .tar.gz that depends on nothing but paths and bytes (and on the zlib that compresses): sorted, no times, no owners,
 * mode 0644. Junk is left out; links and special files are refused.
 * @param prefix folder that the files stand under in the archive
 * @throws ArchiveError
 */
export async function packFolder(folder: string, prefix = '', limits: ArchiveLimits = SUBMISSION_LIMITS): Promise<Buffer> {
  const files: PackedFile[] = [];
  for await (const { path, kind, entry } of accepted(() => folderEntries(folder), limits, null, null)) {
    if (kind === 'folder') continue;
    const chunks: Buffer[] = [];
    for await (const chunk of entry.content()) chunks.push(chunk);
    files.push({ path: prefix === '' ? path : `${prefix}/${path}`, content: Buffer.concat(chunks) });
  }
  return packFiles(files);
}

/** As `packFolder`, for files in memory. */
export async function packFiles(files: readonly PackedFile[]): Promise<Buffer> {
  const archive = pack();
  for (const file of [...files].sort(byPath)) {
    archive.entry({ name: file.path, mode: 0o644, mtime: EPOCH, uid: 0, gid: 0, type: 'file' }, file.content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const compressed = await promisify(gzip)(Buffer.concat(chunks), { level: 9 });
  compressed[OS_BYTE] = OS_UNKNOWN;
  return compressed;
}
