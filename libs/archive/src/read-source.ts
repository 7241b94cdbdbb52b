import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ArchiveError } from './archive-error';
import { type ArchiveLimits, readableBytes } from './archive-limits';

/** An archive: its bytes, a stream of them, or the path of a file. */
export type ArchiveSource = Buffer | Readable | string;
export type ArchiveKind = 'tar.gz' | 'zip';

/**
 * The whole archive in memory, which is bounded by `limits.archiveBytes`: a zip needs random access, and both passes over an
 * archive must see the same bytes.
 * @throws ArchiveError
 */
export async function readSource(source: ArchiveSource, limits: ArchiveLimits): Promise<Buffer> {
  if (Buffer.isBuffer(source)) {
    if (source.length > limits.archiveBytes) throw tooLarge(limits);
    return source;
  }
  return typeof source === 'string' ? readFile(source, limits) : collect(source, limits);
}

async function readFile(path: string, limits: ArchiveLimits): Promise<Buffer> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new ArchiveError('source-unreadable', `Cannot open ${path}. Check the path and its permissions.`, undefined, { cause });
  }
  try {
    if (!(await handle.stat()).isFile()) {
      throw new ArchiveError('source-unreadable', `${path} is not a regular file. Give the path of a .tar.gz or .zip file.`);
    }
    return await collect(handle.createReadStream({ autoClose: false }), limits);
  } finally {
    await handle.close();
  }
}

async function collect(stream: Readable, limits: ArchiveLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > limits.archiveBytes) throw tooLarge(limits);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(limits: ArchiveLimits): ArchiveError {
  return new ArchiveError(
    'archive-too-large',
    `The archive is larger than ${readableBytes(limits.archiveBytes)}. Leave out virtual environments, node_modules, uploads and build output, and archive again.`,
  );
}

/**
 * Kind by the first bytes, never by the name (RFC 1952 section 2.3.1 for gzip, APPNOTE.TXT sections 4.3.7 and 4.3.16 for zip).
 * @throws ArchiveError
 */
export function detectKind(archive: Buffer): ArchiveKind {
  if (archive.length >= 3 && archive.readUIntBE(0, 3) === 0x1f8b08) return 'tar.gz';
  const signature = archive.length >= 4 ? archive.readUInt32BE(0) : 0;
  if (signature === 0x504b0304 || signature === 0x504b0506) return 'zip';
  const isBareTar = archive.length >= 262 && archive.toString('latin1', 257, 262) === 'ustar';
  throw new ArchiveError(
    'not-an-archive',
    isBareTar
      ? 'The file is a tar archive without compression. Compress it with gzip (tar -czf project.tar.gz folder) and send it again.'
      : 'The file is neither a gzip-compressed tar archive nor a zip archive. Send the project as .tar.gz or .zip.',
  );
}
