import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { ArchiveEntry, EntryKind } from './archive-entry';
import { ArchiveError, quoteName } from './archive-error';
import { type ArchiveLimits, readableBytes } from './archive-limits';

const PIECE_BYTES = 64 * 1024;
/** Room for headers, extended headers and padding of each entry, and for the closing blocks. */
const OVERHEAD_BYTES_PER_ENTRY = 4 * 1024;

/**
 * The entries of a gzip-compressed tar archive (POSIX.1-2017 `pax`, ustar and GNU forms), unpacked as they are asked for.
 * Stops inflating when the caller stops reading, or beyond the limits.
 * @throws ArchiveError
 */
export async function* tarGzEntries(archive: Buffer, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  const unpacking = extract();
  let feedingFailure: unknown;
  const feeding = pipeline(Readable.from(pieces(archive)), createGunzip(), cap(limits), unpacking).catch((error: unknown) => {
    feedingFailure = error;
  });
  try {
    for await (const entry of unpacking) {
      yield toArchiveEntry(entry.header, entry);
      entry.resume();
    }
    await feeding;
    if (feedingFailure !== undefined) throw feedingFailure;
  } catch (error) {
    throw toArchiveError(feedingFailure instanceof ArchiveError ? feedingFailure : error);
  } finally {
    unpacking.destroy();
    await feeding;
  }
}

function* pieces(archive: Buffer): Generator<Buffer> {
  for (let start = 0; start < archive.length; start += PIECE_BYTES) yield archive.subarray(start, start + PIECE_BYTES);
}

/** Bounds what comes out of gzip as a whole, so that endless padding or extended headers end too. */
function cap(limits: ArchiveLimits): Transform {
  const most = limits.totalBytes + OVERHEAD_BYTES_PER_ENTRY * (limits.files + limits.folders);
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= most) done(null, chunk);
      else done(new ArchiveError('contents-too-large', `The archive unpacks to more than ${readableBytes(limits.totalBytes)}.`));
    },
  });
}

function toArchiveEntry(header: Header, stream: AsyncIterable<unknown>): ArchiveEntry {
  const bytes = header.size;
  const isNamedAsFolder = header.name.endsWith('/');
  const kind = kindOf(header.type);
  if ((kind === 'folder' || (kind === 'file' && isNamedAsFolder)) && bytes > 0) {
    throw new ArchiveError(
      'archive-inconsistent',
      'A folder in the archive claims to have content. Create the archive again.',
      quoteName(header.name),
    );
  }
  return {
    name: header.name,
    kind: kind === 'file' && isNamedAsFolder ? 'folder' : kind,
    bytes,
    content: () => readContent(stream),
  };
}

async function* readContent(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw toArchiveError(error);
  }
}

function kindOf(type: Header['type']): EntryKind {
  switch (type) {
    case 'file':
      return 'file';
    case 'directory':
      return 'folder';
    case 'link':
    case 'symlink':
      return 'link';
    default:
      return 'special';
  }
}

function toArchiveError(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ArchiveError(
    'archive-corrupt',
    `The archive cannot be read (${reason}). Create it again with tar -czf.`,
    undefined,
    {
      cause: error,
    },
  );
}
