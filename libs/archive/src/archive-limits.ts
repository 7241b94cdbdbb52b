/** Caps on a submission. All are inclusive; byte counts are of whole bytes. */
export interface ArchiveLimits {
  /** Size of the archive itself. */
  readonly archiveBytes: number;
  /** Regular files, junk that is skipped included. */
  readonly files: number;
  /** Folders, named or implied by a file's path. */
  readonly folders: number;
  /** Sum of all files after unpacking, junk included. */
  readonly totalBytes: number;
  /** One file after unpacking. */
  readonly fileBytes: number;
  /** Bytes out for each byte in, on top of `freeExpansionBytes`. */
  readonly expansionRatio: number;
  /** Bytes that any archive may unpack to, however small it is. */
  readonly freeExpansionBytes: number;
  /** Names in one path. */
  readonly depth: number;
  /** One name in a path, in UTF-8 bytes. */
  readonly nameBytes: number;
  /** A whole path, in UTF-8 bytes. */
  readonly pathBytes: number;
}

const MEBIBYTE = 1024 * 1024;

/** What a candidate may hand in. */
export const SUBMISSION_LIMITS: ArchiveLimits = {
  archiveBytes: 10 * MEBIBYTE,
  files: 2_000,
  folders: 2_000,
  totalBytes: 64 * MEBIBYTE,
  fileBytes: 16 * MEBIBYTE,
  expansionRatio: 200,
  freeExpansionBytes: MEBIBYTE,
  depth: 20,
  nameBytes: 255,
  pathBytes: 1_024,
};

/** A byte count for people, in the largest binary unit that keeps it readable. */
export function readableBytes(bytes: number): string {
  if (bytes >= MEBIBYTE) return `${Number((bytes / MEBIBYTE).toFixed(1))} MiB`;
  if (bytes >= 1024) return `${Number((bytes / 1024).toFixed(1))} KiB`;
  return `${bytes} bytes`;
}
