import type { ArchiveEntry } from './archive-entry';
import { ArchiveError, quoteName } from './archive-error';
import { type ArchiveLimits, readableBytes } from './archive-limits';
import { checkPathLength, isJunk, parseEntryPath } from './entry-path';

export interface AdmittedEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

const LEAVE_OUT = 'Leave out virtual environments, node_modules, uploads and build output, and archive again.';

/**
 * Judges the entries of one archive in turn. It remembers what it has let in, so that sums and collisions are noticed; the first
 * refusal ends the reading of the archive.
 */
export class Admission {
  private files = 0;
  private folders = 0;
  private totalBytes = 0;
  /** By the path as a case-insensitive file system would compare it. */
  private readonly seen = new Map<string, AdmittedEntry>();
  private readonly expansionBytes: number;

  /** @param sourceBytes size of the archive, for the ratio of expansion; null for what is not compressed. */
  constructor(
    private readonly limits: ArchiveLimits,
    sourceBytes: number | null,
  ) {
    this.expansionBytes =
      sourceBytes === null ? Number.POSITIVE_INFINITY : limits.freeExpansionBytes + limits.expansionRatio * sourceBytes;
  }

  /**
   * @returns null when the entry is to be passed over: junk, or the archive's own top folder.
   * @throws ArchiveError
   */
  admit(entry: ArchiveEntry): AdmittedEntry | null {
    const names = parseEntryPath(entry.name);
    this.count(entry);
    if (names.length === 0 || isJunk(names)) return null;
    checkPathLength(names, this.limits);
    if (entry.kind === 'link') {
      throw new ArchiveError(
        'link-entry',
        `Entry ${quoteName(entry.name)} is a link. Replace it with a copy of the file it points to and archive again.`,
        quoteName(entry.name),
      );
    }
    if (entry.kind === 'special') {
      throw new ArchiveError(
        'special-entry',
        `Entry ${quoteName(entry.name)} is neither a regular file nor a folder. Remove it and archive again.`,
        quoteName(entry.name),
      );
    }
    for (let length = 1; length < names.length; length += 1) {
      this.register({ path: names.slice(0, length).join('/'), kind: 'folder' }, true);
    }
    const admitted: AdmittedEntry = { path: names.join('/'), kind: entry.kind };
    this.register(admitted, false);
    return admitted;
  }

  private count(entry: ArchiveEntry): void {
    if (entry.kind === 'folder') {
      this.countFolder();
      return;
    }
    this.files += 1;
    if (this.files > this.limits.files) {
      throw new ArchiveError('too-many-files', `The archive has more than ${this.limits.files} files. ${LEAVE_OUT}`);
    }
    if (entry.bytes > this.limits.fileBytes) {
      const message = `Entry ${quoteName(entry.name)} unpacks to more than ${readableBytes(this.limits.fileBytes)}. Remove it and archive again.`;
      throw new ArchiveError('file-too-large', message, quoteName(entry.name));
    }
    this.totalBytes += entry.bytes;
    if (this.totalBytes > this.limits.totalBytes) {
      const message = `The archive unpacks to more than ${readableBytes(this.limits.totalBytes)}. ${LEAVE_OUT}`;
      throw new ArchiveError('contents-too-large', message);
    }
    if (this.totalBytes > this.expansionBytes) {
      const message = `The archive unpacks to more than ${this.limits.expansionRatio} times its size. Remove large generated files and archive again.`;
      throw new ArchiveError('expansion-too-high', message);
    }
  }

  private countFolder(): void {
    this.folders += 1;
    if (this.folders > this.limits.folders) {
      throw new ArchiveError('too-many-folders', `The archive has more than ${this.limits.folders} folders. ${LEAVE_OUT}`);
    }
  }

  private register(entry: AdmittedEntry, implied: boolean): void {
    const key = entry.path.normalize('NFC').toLowerCase();
    const before = this.seen.get(key);
    if (before === undefined) {
      if (implied) this.countFolder();
      this.seen.set(key, entry);
      return;
    }
    const name = quoteName(entry.path);
    if (before.kind !== entry.kind) {
      throw new ArchiveError(
        'file-folder-conflict',
        `${name} is both a file and a folder. Rename one of them and archive again.`,
        name,
      );
    }
    if (before.path !== entry.path) {
      const message = `${name} and ${quoteName(before.path)} differ only in letter case. Rename one of them and archive again.`;
      throw new ArchiveError('case-collision', message, name);
    }
    if (entry.kind === 'file') {
      throw new ArchiveError('duplicate-entry', `${name} is in the archive twice. Create the archive again.`, name);
    }
  }
}
