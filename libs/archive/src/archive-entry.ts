export type EntryKind = 'file' | 'folder' | 'link' | 'special';

/** One thing that stands in an archive or folder, before any rule was applied to it. */
export interface ArchiveEntry {
  /** As written in the archive; not to be trusted. */
  readonly name: string;
  readonly kind: EntryKind;
  /** Announced size; `content` never gives more than this. */
  readonly bytes: number;
  /** The file's bytes. To be read, if at all, before the next entry is asked for. */
  content(): AsyncIterable<Buffer>;
}

/** Reads from the beginning at each call. */
export type EntrySource = () => AsyncIterable<ArchiveEntry>;
