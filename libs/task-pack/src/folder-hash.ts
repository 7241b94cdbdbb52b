import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { TaskPackError } from './task-pack-error';

/** Left behind by running a project in place; never content. */
const DEBRIS_FOLDERS = new Set(['__pycache__', '.pytest_cache', '.ruff_cache', 'node_modules', '.git']);
const DEBRIS_FILES = /(\.pyc|^\.DS_Store)$/;

/**
 * Paths of every file below `folder`, relative, with `/`, sorted by code unit. Byte code and tool caches are left out.
 * Throws {@link TaskPackError} on anything but plain files and folders.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const name of await readdir(path.join(folder, relative))) {
      const child = relative === '' ? name : `${relative}/${name}`;
      const info = await lstat(path.join(folder, child));
      if (info.isDirectory()) {
        if (!DEBRIS_FOLDERS.has(name)) await visit(child);
      } else if (!info.isFile()) {
        throw new TaskPackError(`${child} is neither a file nor a folder: replace links by the files they point to`);
      } else if (!DEBRIS_FILES.test(name)) {
        files.push(child);
      }
    }
  };
  await visit('');
  return files.sort();
}

/** sha256 (hex) of some bytes. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** sha256 (hex) over sorted lines `<sha256 of the file>  <path>\n` of the given files of `folder`. */
export async function hashFiles(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${sha256(await readFile(path.join(folder, file)))}  ${file}\n`);
  return hash.digest('hex');
}

/** The files that decide which schema `migrate` builds: everything Python below a `migrations` package. */
export function isMigrationFile(file: string): boolean {
  return /(^|\/)migrations\/(.*\/)?[^/]+\.py$/.test(file);
}

/** Hash of a project's migrations: two projects with the same hash get the same schema from `migrate`. */
export function hashMigrations(folder: string, files: readonly string[]): Promise<string> {
  return hashFiles(folder, files.filter(isMigrationFile));
}
