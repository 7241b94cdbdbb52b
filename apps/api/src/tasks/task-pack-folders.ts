import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Folders of the task packs below `root`: every `<root>/<framework>/<slug>` that holds a `task.yaml`, sorted.
 *
 * @throws Error of the file system when `root` cannot be read
 */
export async function listTaskPackFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const framework of await subfolders(root)) {
    for (const folder of await subfolders(framework)) {
      const taskFile = await stat(path.join(folder, 'task.yaml')).catch(() => null);
      if (taskFile?.isFile()) folders.push(folder);
    }
  }
  return folders;
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .sort();
}
