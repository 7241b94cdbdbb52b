import path from 'node:path';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { InfrastructureFault } from './faults';
import type { DatabaseTemplate } from './fresh-database';
import { JudgedDatabase } from './judged-database';
import { seedDatabase } from './pack-data';
import { startProject } from './project-sandbox';
import { withRunFolder } from './run-folder';
import type { RunningCluster } from './running-cluster';
import { SubmissionDatabase } from './submission-database';
import { takeIn } from './submission-intake';
import { SubmissionRedis } from './submission-redis';

/**
 * Keeps, for each pack, a database in which the starter's own `migrate` ran (in the sandbox) and the seed rows are: most submissions
 * leave the migrations alone and begin with a copy of it.
 */
export class DatabaseTemplates {
  private readonly templates = new WeakMap<RunningCluster, Map<string, Promise<DatabaseTemplate>>>();

  constructor(
    private readonly driver: SandboxDriver,
    private readonly runtime: PythonRuntime,
    private readonly workRoot: string,
  ) {}

  /** Made when it is first asked for. Throws {@link InfrastructureFault}: a starter that does not start is the pack's fault. */
  async get(cluster: RunningCluster, pack: TaskPack): Promise<DatabaseTemplate> {
    const ofCluster = this.templates.get(cluster) ?? new Map<string, Promise<DatabaseTemplate>>();
    this.templates.set(cluster, ofCluster);
    const template = ofCluster.get(pack.contentHash) ?? this.make(cluster, pack);
    ofCluster.set(pack.contentHash, template);
    try {
      return await template;
    } catch (error) {
      ofCluster.delete(pack.contentHash);
      if (error instanceof InfrastructureFault) throw error;
      throw new InfrastructureFault(
        'pack-broken',
        `the starter of "${pack.slug}" does not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  private make(cluster: RunningCluster, pack: TaskPack): Promise<DatabaseTemplate> {
    return withRunFolder(this.workRoot, async (workDir) => {
      const projectDir = path.join(workDir, 'project');
      const { contentHash } = await takeIn({ folder: pack.starterFolder }, projectDir, pack);
      const database = await SubmissionDatabase.create(cluster, workDir, null);
      // A starter is trusted: its database is judged in this process.
      const judged = await JudgedDatabase.open(database.access, () => cluster.isWell());
      let redis: SubmissionRedis | null = null;
      try {
        if (pack.definition.services.redis) redis = await SubmissionRedis.start(workDir);
        const { sandbox } = await startProject({
          driver: this.driver,
          runtime: this.runtime,
          pack,
          projectDir,
          workDir,
          database,
          redis,
          migrate: true,
          sameSettings: true,
          contentHash,
          signal: new AbortController().signal,
        });
        await sandbox.kill();
        await seedDatabase(judged.session, pack);
        await judged.close();
        return await database.toTemplate();
      } catch (error) {
        await judged.close();
        await database.drop();
        throw error;
      } finally {
        await redis?.stop();
      }
    });
  }
}
