import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type PackedFile, packFiles } from '@assay/archive/pack-folder';
import { listFiles } from './folder-hash';
import { matchesAny } from './glob';
import type { TaskPack } from './load-task-pack';

/**
 * What the candidate downloads, as tar.gz with one top folder: the starter, the visible checks below `visible-checks/` and the statement
 * as `TASK.md`. The same pack gives the same bytes. Files that the pack calls hidden are left out.
 */
export async function buildStarterArchive(pack: TaskPack): Promise<Buffer> {
  const files: PackedFile[] = [{ path: `${pack.slug}/TASK.md`, content: Buffer.from(pack.prompt) }];
  for (const file of await listFiles(pack.starterFolder)) {
    if (matchesAny(pack.definition.files.hidden, file)) continue;
    files.push({ path: `${pack.slug}/${file}`, content: await readFile(path.join(pack.starterFolder, file)) });
  }
  for (const file of await listFiles(pack.visibleChecksFolder).catch(() => [])) {
    files.push({
      path: `${pack.slug}/visible-checks/${file}`,
      content: await readFile(path.join(pack.visibleChecksFolder, file)),
    });
  }
  return packFiles(files);
}
