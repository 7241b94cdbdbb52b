import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { InfrastructureFault } from './faults';
import type { JudgeSession } from './judge-session';

/** Text of a file in the pack's `data/` folder. Throws {@link InfrastructureFault} when the pack has none of that name. */
export async function readPackData(pack: TaskPack, file: string): Promise<string> {
  if (!pack.files.includes(`data/${file}`)) throw new InfrastructureFault('pack-broken', `the pack has no file data/${file}`);
  return readFile(path.join(pack.dataFolder, file), 'utf8');
}

/**
 * Loads the seed rows of `task.yaml` as the submission's role and lets the planner count them. Throws `ExpectationFailed` when the
 * database refuses them: the submission's schema no longer fits.
 */
export async function seedDatabase(judge: JudgeSession, pack: TaskPack): Promise<void> {
  for (const file of pack.definition.database.seed) await judge.query(await readPackData(pack, file));
  await judge.query('ANALYZE');
}
