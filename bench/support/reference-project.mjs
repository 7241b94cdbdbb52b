import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../../tools/setup/paths.mjs';
import { temporaryFolder } from './platform.mjs';

const require = createRequire(import.meta.url);

/** The bookshop pack, its reference solution as a folder, and the same as the archive a candidate uploads. */
export async function referenceProject(resources) {
  const pack = await require('@assay/task-pack/load-task-pack').loadTaskPack(path.join(ROOT, 'task-packs', 'django', 'bookshop'));
  const { buildSolution } = require('@assay/task-pack/solution-overlay');
  const folder = path.join(temporaryFolder(resources), 'project');
  await buildSolution(pack, pack.reference, folder);
  return { pack, folder, archive: await require('@assay/archive/pack-folder').packFolder(folder) };
}
