import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type HashedFile, hashContent } from '@assay/archive/content-hash';
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

/** Each file with the sha256 (hex) of its bytes. */
export async function hashFiles(folder: string, files: readonly string[]): Promise<HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const file of files) {
    hashed.push({
      path: file,
      sha256: createHash('sha256')
        .update(await readFile(path.join(folder, file)))
        .digest('hex'),
    });
  }
  return hashed;
}

/**
 * Hash of a project's migrations (everything Python below a `migrations` package): with the same settings, two projects of the same
 * hash get the same schema from `migrate`.
 */
export function hashMigrations(files: readonly HashedFile[]): string {
  return hashContent(files.filter((file) => /(^|\/)migrations\/(.*\/)?[^/]+\.py$/.test(file.path)));
}

/** Hash of the files that a settings module can be read from: `<package>/settings.py` or everything below `<package>/settings/`. */
export function hashSettings(files: readonly HashedFile[], settingsModule: string): string {
  const stem = settingsModule.split('.').slice(0, -1).join('/');
  return hashContent(files.filter((file) => file.path.endsWith('.py') && file.path.startsWith(`${stem}/`)));
}
