import { createHash } from 'node:crypto';

export interface HashedFile {
  /** Relative, with `/`. */
  readonly path: string;
  /** Of the file's bytes, in lower-case hex. */
  readonly sha256: string;
}

/**
 * Identity of a set of files: sha256 (hex) over one line `<path> NUL <sha256> LF` for each file, in the order of the paths' UTF-16
 * code units. Names, modes and times of the archive that carried them do not count.
 */
export function hashContent(files: readonly HashedFile[]): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort(byPath)) hash.update(`${file.path}\0${file.sha256}\n`);
  return hash.digest('hex');
}

/** Order of paths that does not depend on the machine's language. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
