import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { SubmittedFiles } from './check-api';

/** Largest file that a check can read, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * The submission's files for checks, by the list that was made when it was unpacked into a folder that no candidate process can write.
 * A path outside the list is never opened, and links are not followed.
 */
export function createSubmittedFiles(folder: string, paths: readonly string[]): SubmittedFiles {
  const known = new Set(paths);
  const sorted = [...paths].sort();
  return {
    list: () => sorted,
    read: (file) => (known.has(file) ? readRegularFile(path.join(folder, file)) : null),
  };
}

function readRegularFile(location: string): string | null {
  const descriptor = openSync(location, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile() || info.size > MAX_FILE_BYTES) return null;
    const content = Buffer.alloc(info.size);
    const length = readSync(descriptor, content, 0, info.size, 0);
    return content.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
