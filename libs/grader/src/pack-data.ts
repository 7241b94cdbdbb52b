import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { InfrastructureFault } from './faults';
import type { JudgeSession } from './judge-session';

/**
 * Lets the planner count the rows of the project's tables. A plain `ANALYZE` goes through the catalogue as well, which takes fifteen
 * times as long as a task's tables.
 */
export const COUNT_ROWS = `DO $$ DECLARE project_table regclass; BEGIN
  FOR project_table IN SELECT oid FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'm') AND relpersistence <> 't'
    AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) ORDER BY oid
  LOOP EXECUTE 'ANALYZE ' || project_table; END LOOP; END $$`;

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
  await judge.query(COUNT_ROWS);
}
