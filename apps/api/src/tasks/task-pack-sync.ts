import type { CriterionId } from '@assay/contracts/rubric-ids';
import { lintTaskPack } from '@assay/task-pack/lint-task-pack';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { buildStarterArchive } from '@assay/task-pack/starter-archive';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../config';
import { TenantDatabase } from '../database/tenant-database';
import { listTaskPackFolders } from './task-pack-folders';
import { TaskVersionEntity } from './task-version.entity';

/** What became of one pack. */
export type SyncResult =
  | { readonly outcome: 'added' | 'made current' | 'unchanged'; readonly slug: string; readonly version: string }
  | { readonly outcome: 'refused'; readonly folder: string; readonly errors: readonly string[] };

/**
 * Brings the task packs on disk into the database: a pack whose slug, version and content are not there yet becomes a new version and
 * the current one. Versions are never removed, because evaluations keep to theirs. Packs are read, nothing of them is run.
 */
@Injectable()
export class TaskPackSync {
  private readonly logger = new Logger(TaskPackSync.name);

  constructor(
    private readonly database: TenantDatabase,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A pack that cannot be used is logged and left out; the others are synced. @throws when the database fails */
  async syncAll(): Promise<SyncResult[]> {
    const results: SyncResult[] = [];
    for (const folder of await this.packFolders()) {
      const result = await this.sync(folder);
      results.push(result);
      if (result.outcome === 'refused') {
        this.logger.error(`The task pack ${folder} is not offered: ${result.errors.join('; ')}`);
      } else if (result.outcome !== 'unchanged') {
        this.logger.log(`Task pack ${result.slug} ${result.version}: ${result.outcome}`);
      }
    }
    return results;
  }

  private async packFolders(): Promise<string[]> {
    try {
      const folders = await listTaskPackFolders(this.config.taskPacks);
      if (folders.length === 0) this.logger.warn(`There is no task pack below ${this.config.taskPacks} (TASK_PACKS)`);
      return folders;
    } catch (error) {
      this.logger.error(`The task packs (TASK_PACKS) cannot be read: ${messageOf(error)}`);
      return [];
    }
  }

  private async sync(folder: string): Promise<SyncResult> {
    let pack: TaskPack;
    let starter: Buffer;
    try {
      const { errors } = await lintTaskPack(folder);
      if (errors.length > 0) return { outcome: 'refused', folder, errors };
      pack = await loadTaskPack(folder);
      starter = await buildStarterArchive(pack);
    } catch (error) {
      return { outcome: 'refused', folder, errors: [messageOf(error)] };
    }
    const outcome = await this.database.withoutOrganisation((manager) => makeCurrent(manager, pack, starter));
    return { outcome, slug: pack.slug, version: pack.version };
  }
}

/** In one transaction, so that every task has a current version at any time; APIs that start together wait for each other. */
async function makeCurrent(
  manager: EntityManager,
  pack: TaskPack,
  starter: Buffer,
): Promise<'added' | 'made current' | 'unchanged'> {
  const { slug, version, contentHash, definition, prompt } = pack;
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`task pack ${slug}`]);
  const known = await manager.findOneBy(TaskVersionEntity, { slug, version, contentHash });
  if (known?.current) return 'unchanged';
  await manager.update(TaskVersionEntity, { slug, current: true }, { current: false });
  if (known) {
    await manager.update(TaskVersionEntity, { id: known.id }, { current: true });
    return 'made current';
  }
  const { title, summary, timeBoxMinutes } = definition;
  const measuredCriteria = criteriaOf(pack);
  const row = { slug, version, contentHash, title, summary, prompt, timeBoxMinutes, measuredCriteria, starter };
  await manager.insert(TaskVersionEntity, row);
  return 'added';
}

function criteriaOf(pack: TaskPack): CriterionId[] {
  return [...new Set(pack.definition.checks.map((check) => check.criterion))].sort();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
