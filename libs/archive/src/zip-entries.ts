import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import type { ArchiveEntry, EntryKind } from './archive-entry';
import { ArchiveError, quoteName } from './archive-error';
import type { ArchiveLimits } from './archive-limits';

/** APPNOTE.TXT section 4.4.4: sizes and checksum follow the data instead of standing in the local header. */
const DATA_DESCRIPTOR_FLAG = 0x8;
const STORED = 0;
const DEFLATED = 8;
const ZIP64_PLACEHOLDER = 0xffffffff;
const CENTRAL_HEADER_BYTES = 46;
const END_RECORD_BYTES = 22;
const ZIP64_LOCATOR_BYTES = 20;
const END_RECORD_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;

const FILE_TYPE_MASK = 0o170000;
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040000;
const SYMBOLIC_LINK = 0o120000;

/**
 * The entries of a zip archive, unpacked as they are asked for, in the order in which they stand in the file. The central directory
 * is believed only where the local headers and the data itself say the same: names, sizes, checksums, no gap and no overlap.
 * @throws ArchiveError
 */
export async function* zipEntries(archive: Buffer, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  try {
    // Names are decoded here, strictly, and judged by the same rules as those of a tar archive.
    const zip = await fromBufferPromise(archive, { decodeStrings: false, validateEntrySizes: true });
    const entries = await readCentralDirectory(zip, archive, limits);
    let endOfPrevious = 0;
    for (const entry of entries) {
      const name = entry.fileNameRaw.toString('utf8');
      const dataStart = await checkLocalHeader(zip, entry, name, endOfPrevious);
      endOfPrevious = dataStart + entry.compressedSize;
      const kind = kindOf(entry, name);
      if (kind === 'folder' && entry.uncompressedSize > 0) throw inconsistent(name, 'is a folder with content');
      yield { name, kind, bytes: entry.uncompressedSize, content: () => readContent(zip, entry, name) };
    }
  } catch (error) {
    throw toArchiveError(error);
  }
}

async function readCentralDirectory(zip: ZipFile, archive: Buffer, limits: ArchiveLimits): Promise<Entry[]> {
  const most = limits.files + limits.folders;
  if (zip.entryCount > most) {
    throw new ArchiveError(
      'too-many-files',
      `The archive has more than ${most} entries. Leave out generated files and archive again.`,
    );
  }
  const start = Number(zip.readEntryCursor);
  let bytes = 0;
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    bytes += CENTRAL_HEADER_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    entries.push(entry);
  }
  if (start + bytes !== endOfCentralDirectory(archive)) {
    const message = 'The list of files in the archive does not match its announced length. Create the archive again.';
    throw new ArchiveError('archive-inconsistent', message);
  }
  return entries.sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
}

/** Where the records end that list the files: at the end record, or at the zip64 one when there is any. */
function endOfCentralDirectory(archive: Buffer): number {
  const endRecord = archive.lastIndexOf(END_RECORD_SIGNATURE, archive.length - END_RECORD_BYTES);
  const locator = endRecord - ZIP64_LOCATOR_BYTES;
  const isZip64 = locator >= 0 && archive.readUInt32LE(locator) === ZIP64_LOCATOR_SIGNATURE;
  return isZip64 ? Number(archive.readBigUInt64LE(locator + 8)) : endRecord;
}

/** @returns offset of the entry's data. */
async function checkLocalHeader(zip: ZipFile, entry: Entry, name: string, endOfPrevious: number): Promise<number> {
  if (entry.isEncrypted()) {
    const message = `Entry ${quoteName(name)} is encrypted. Create the archive without a password.`;
    throw new ArchiveError('archive-encrypted', message, quoteName(name));
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    const message = `Entry ${quoteName(name)} uses compression method ${entry.compressionMethod}. Create the archive with the usual one (deflate).`;
    throw new ArchiveError('unsupported-compression', message, quoteName(name));
  }
  const local = await zip.readLocalFileHeaderPromise(entry);
  if (entry.relativeOffsetOfLocalHeader < endOfPrevious) throw inconsistent(name, 'shares its data with another entry');
  if (!local.fileName.equals(entry.fileNameRaw)) throw inconsistent(name, 'has another name where its data stands');
  if (local.compressionMethod !== entry.compressionMethod) throw inconsistent(name, 'names two ways of compression');
  const sizesFollowData = (local.generalPurposeBitFlag & DATA_DESCRIPTOR_FLAG) !== 0;
  if (!sizesFollowData) {
    const isSame = (there: number, here: number) => there === here || there === ZIP64_PLACEHOLDER;
    if (!isSame(local.uncompressedSize, entry.uncompressedSize) || !isSame(local.compressedSize, entry.compressedSize)) {
      throw inconsistent(name, 'announces two sizes');
    }
    if (local.crc32 !== entry.crc32) throw inconsistent(name, 'announces two checksums');
  }
  return local.fileDataStart;
}

async function* readContent(zip: ZipFile, entry: Entry, name: string): AsyncGenerator<Buffer> {
  let checksum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      checksum = crc32(chunk as Buffer, checksum);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw toArchiveError(error, name);
  }
  if (checksum !== entry.crc32) throw inconsistent(name, 'does not match its checksum');
}

function kindOf(entry: Entry, name: string): EntryKind {
  const isNamedAsFolder = name.endsWith('/');
  switch ((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) {
    case 0:
      return isNamedAsFolder ? 'folder' : 'file';
    case REGULAR_FILE:
      return isNamedAsFolder ? 'special' : 'file';
    case FOLDER:
      return isNamedAsFolder ? 'folder' : 'special';
    case SYMBOLIC_LINK:
      return 'link';
    default:
      return 'special';
  }
}

function inconsistent(name: string, what: string): ArchiveError {
  return new ArchiveError('archive-inconsistent', `Entry ${quoteName(name)} ${what}. Create the archive again.`, quoteName(name));
}

function toArchiveError(error: unknown, name?: string): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (name !== undefined && /^(too many|not enough) bytes/.test(reason))
    return inconsistent(name, 'is not as large as announced');
  return new ArchiveError('archive-corrupt', `The archive cannot be read (${reason}). Create it again.`, undefined, {
    cause: error,
  });
}
