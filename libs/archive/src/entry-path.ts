import { ArchiveError, quoteName } from './archive-error';
import type { ArchiveLimits } from './archive-limits';

const JUNK_NAMES: ReadonlySet<string> = new Set(['__MACOSX', '.DS_Store', '.git', '__pycache__', '.venv', 'node_modules']);
/** macOS's tar and zip put a file's resource fork beside it under this prefix. */
const APPLE_DOUBLE_PREFIX = '._';

/** Control characters, line separators, and the marks that reverse the reading order of what follows. */
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const DRIVE_LETTER = /^[A-Za-z]:/;

/**
 * The names of an entry's path, from the top; empty for the archive's own top folder (`./`). Refuses what could leave the target
 * folder or be read as another name by another program.
 * @throws ArchiveError
 */
export function parseEntryPath(name: string): string[] {
  const refuse = (code: ArchiveError['code'], what: string): never => {
    throw new ArchiveError(code, `Entry ${quoteName(name)} ${what}`, quoteName(name));
  };
  if (name === '') refuse('path-empty', 'has no name. Create the archive again from the project folder.');
  if (name.includes('\ufffd'))
    refuse('path-not-utf8', 'has a name that is not UTF-8. Rename it with plain letters and archive again.');
  if (CONTROL.test(name)) refuse('path-control-character', 'has control characters in its name. Rename it and archive again.');
  if (name.includes('\\')) {
    refuse('path-backslash', 'has a backslash in its name. Use a program that writes "/" between folders and archive again.');
  }
  if (name.startsWith('/') || DRIVE_LETTER.test(name)) {
    refuse('path-absolute', 'has an absolute path. Archive the project folder with paths relative to it.');
  }
  const names = name.replace(/\/$/, '').split('/');
  while (names[0] === '.') names.shift();
  if (names.includes('..')) refuse('path-traversal', 'leads out of the archive with "..". Remove it and archive again.');
  if (names.some((part) => part === '' || part === '.')) {
    refuse('path-empty', 'has an empty name or "." inside its path. Create the archive again from the project folder.');
  }
  return names;
}

/** Whether the entry is a by-product (version control, caches, virtual environments) that is never part of a submission. */
export function isJunk(names: readonly string[]): boolean {
  return names.some((part) => JUNK_NAMES.has(part) || part.startsWith(APPLE_DOUBLE_PREFIX));
}

/** @throws ArchiveError when the path is deeper or longer than the limits allow. */
export function checkPathLength(names: readonly string[], limits: ArchiveLimits): void {
  const path = names.join('/');
  if (names.length > limits.depth) {
    const message = `Entry ${quoteName(path)} is ${names.length} folders deep; at most ${limits.depth} are allowed. Move it up and archive again.`;
    throw new ArchiveError('path-too-deep', message, quoteName(path));
  }
  if (names.some((part) => Buffer.byteLength(part) > limits.nameBytes)) {
    const message = `Entry ${quoteName(path)} has a name of more than ${limits.nameBytes} bytes. Shorten it and archive again.`;
    throw new ArchiveError('name-too-long', message, quoteName(path));
  }
  if (Buffer.byteLength(path) > limits.pathBytes) {
    const message = `Entry ${quoteName(path)} has a path of more than ${limits.pathBytes} bytes. Shorten it and archive again.`;
    throw new ArchiveError('path-too-long', message, quoteName(path));
  }
}
