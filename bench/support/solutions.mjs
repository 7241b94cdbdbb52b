import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../../tools/setup/paths.mjs';
import { temporaryFolder } from './platform.mjs';

const require = createRequire(import.meta.url);
const MIGRATION = /(^|\/)migrations\/(.*\/)?[^/]+\.py$/;

/**
 * The bookshop pack and three solutions of it, each `{ name, title, folder, archive, archivePath }`:
 * `reference` solves everything, with migrations and settings of its own; `schema` is the reference without its migrations, and so has
 * the starter's schema; `settings` has the starter's settings too.
 */
export async function solutions(resources) {
  const pack = await require('@assay/task-pack/load-task-pack').loadTaskPack(path.join(ROOT, 'task-packs', 'django', 'bookshop'));
  const { buildSolution } = require('@assay/task-pack/solution-overlay');
  const scratch = temporaryFolder(resources);
  const settingsFolder = `${pack.definition.framework.settings.split('.').slice(0, -1).join('/')}/`;
  const make = async (name, title, isStarters) => {
    const folder = path.join(scratch, name, 'project');
    await buildSolution(pack, pack.reference, folder);
    putBack(pack, folder, isStarters);
    const archive = await require('@assay/archive/pack-folder').packFolder(folder);
    const archivePath = path.join(scratch, name, 'submission.tar.gz');
    writeFileSync(archivePath, archive);
    return { name, title, folder, archive, archivePath };
  };
  return {
    pack,
    reference: await make('reference', 'reference, with its migrations', () => false),
    schema: await make('schema', "reference on the starter's schema", (file) => MIGRATION.test(file)),
    settings: await make(
      'settings',
      "reference on the starter's schema and settings",
      (file) => MIGRATION.test(file) || (file.startsWith(settingsFolder) && file.endsWith('.py')),
    ),
  };
}

/** Makes some of a project's files again what they are in the starter: changed ones and missing ones its, new ones gone. */
function putBack(pack, folder, isStarters) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  const ofStarter = pack.starterFiles.map((file) => file.path);
  for (const file of new Set([...files, ...ofStarter].filter(isStarters))) {
    const original = path.join(pack.starterFolder, file);
    if (existsSync(original)) cpSync(original, path.join(folder, file));
    else rmSync(path.join(folder, file));
  }
}
