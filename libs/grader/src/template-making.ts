import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import type { DatabaseTemplate } from './fresh-database';
import type { JudgeSession } from './judge-session';
import { JudgedDatabase } from './judged-database';
import { type MigrationPlan, mentionsUnusual, migrationPlanSchema } from './migration-prefix';
import { seedDatabase } from './pack-data';
import { startProject } from './project-sandbox';
import { withRunFolder } from './run-folder';
import type { RunningCluster } from './running-cluster';
import { SubmissionDatabase } from './submission-database';
import { takeIn } from './submission-intake';
import { SubmissionRedis } from './submission-redis';

const PREFIX_MODULE = 'assay_migration_prefix';
const PREFIX_SOURCE = path.join(__dirname, '..', 'assets', `${PREFIX_MODULE}.py`);

/** With what templates are made. */
export interface TemplateWorkshop {
  readonly driver: SandboxDriver;
  readonly runtime: PythonRuntime;
  readonly workRoot: string;
}

/** A database in which the starter's own `migrate` ran and the seed rows are. */
export function makeSeededTemplate(
  workshop: TemplateWorkshop,
  cluster: RunningCluster,
  pack: TaskPack,
): Promise<DatabaseTemplate> {
  return withStarter(workshop, cluster, pack, { migrate: true }, async (session, database) => {
    await seedDatabase(session, pack);
    return database.toTemplate();
  });
}

/** A database in which the first parts of the starter's migration plan are applied and nothing else was done. */
export async function makePrefixTemplate(
  workshop: TemplateWorkshop,
  cluster: RunningCluster,
  pack: TaskPack,
  parts: number,
): Promise<{ template: DatabaseTemplate; plan: MigrationPlan }> {
  const framework = { ...pack.definition.framework, wsgi: PREFIX_MODULE };
  const described = { ...pack, definition: { ...pack.definition, framework } };
  return withStarter(workshop, cluster, described, { migrate: false, parts }, async (session, database) => {
    const [row] = await session.query('SELECT description FROM assay_migration_plan');
    await session.query('DROP TABLE assay_migration_plan');
    const said = migrationPlanSchema.parse(JSON.parse(String(row?.description)));
    const isPlain = said.isPlain && !(await dependsOnMore(pack));
    return { template: await database.toTemplate(), plan: { ...said, isPlain } };
  });
}

/** Starts a starter on an empty database, ends it and hands the database over. */
function withStarter<T>(
  { driver, runtime, workRoot }: TemplateWorkshop,
  cluster: RunningCluster,
  pack: TaskPack,
  { migrate, parts }: { migrate: boolean; parts?: number },
  finish: (session: JudgeSession, database: SubmissionDatabase) => Promise<T>,
): Promise<T> {
  return withRunFolder(workRoot, async (workDir) => {
    const projectDir = path.join(workDir, 'project');
    const { contentHash } = await takeIn({ folder: pack.starterFolder }, projectDir, pack);
    if (parts !== undefined) await layPrefixModule(projectDir, parts);
    const database = await SubmissionDatabase.create(cluster, workDir, null);
    // A starter is trusted: its database is judged in this process.
    const judged = await JudgedDatabase.open(database.access, () => cluster.isWell());
    let redis: SubmissionRedis | null = null;
    try {
      if (pack.definition.services.redis) redis = await SubmissionRedis.start(workDir);
      const signal = new AbortController().signal;
      const project = { driver, runtime, pack, projectDir, workDir, database, redis, migrate, contentHash, signal };
      const { sandbox } = await startProject({ ...project, sameSettings: parts === undefined });
      await sandbox.kill();
      // Not closed before: what the starter did must not be cut off.
      const result = await finish(judged.session, database);
      await judged.close();
      return result;
    } catch (error) {
      await judged.close();
      await database.drop();
      throw error;
    } finally {
      await redis?.stop();
    }
  });
}

/**
 * Whether the plan is not all that counts: the starter reaches into Django's machinery, or rows and checks of the pack know content types
 * or permissions, which Django numbers in an order that also depends on how many migrations one process went through.
 */
async function dependsOnMore(pack: TaskPack): Promise<boolean> {
  const starter = pack.starterFiles.map((file) => file.path);
  if (await mentionsUnusual(pack.starterFolder, starter)) return true;
  for (const file of pack.files.filter((name) => /^(data|hidden-checks)\//.test(name)))
    if (/content_type|permission_id|auth_permission/i.test(await readFile(path.join(pack.folder, file), 'utf8'))) return true;
  return false;
}

async function layPrefixModule(projectDir: string, parts: number): Promise<void> {
  const source = await readFile(PREFIX_SOURCE, 'utf8');
  await writeFile(path.join(projectDir, `${PREFIX_MODULE}.py`), source.replace(/^PARTS = 0$/m, `PARTS = ${parts}`));
}
