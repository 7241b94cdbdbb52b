import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { GradingJob } from '@assay/contracts/grading-job';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from './config';
import { WorkerFault } from './worker-fault';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The task packs on this worker's disk. */
@Injectable()
export class TaskPacks {
  private readonly loaded = new Map<string, Promise<TaskPack>>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'taskPacks'>) {}

  /**
   * The pack that a job asks for, read once. A pack that was changed on disk is read again when a job asks for its new content.
   *
   * @throws WorkerFault when this worker does not hold exactly that content
   */
  get(wanted: GradingJob['pack']): Promise<TaskPack> {
    const known = this.loaded.get(wanted.contentHash);
    if (known) return known;
    const loading = this.load(wanted);
    this.loaded.set(wanted.contentHash, loading);
    loading.catch(() => this.loaded.delete(wanted.contentHash));
    return loading;
  }

  private async load(wanted: GradingJob['pack']): Promise<TaskPack> {
    const pack = await loadTaskPack(await this.findFolder(wanted)).catch((error: Error) => {
      throw error instanceof WorkerFault
        ? error
        : new WorkerFault('pack-unreadable', `Task pack ${wanted.slug}: ${error.message}`);
    });
    if (pack.version !== wanted.version || pack.contentHash !== wanted.contentHash) {
      throw new WorkerFault(
        'pack-differs',
        `The run wants task pack ${wanted.slug} ${wanted.version} (${wanted.contentHash}), this worker holds ${pack.version} (${pack.contentHash}). Install the same packs for the API and the workers.`,
      );
    }
    return pack;
  }

  private async findFolder({ slug }: GradingJob['pack']): Promise<string> {
    const root = this.config.taskPacks;
    const frameworks = SLUG.test(slug) ? await readdir(root).catch(() => []) : [];
    for (const framework of frameworks) {
      const folder = path.join(root, framework, slug);
      if (await stat(path.join(folder, 'task.yaml')).catch(() => null)) return folder;
    }
    throw new WorkerFault('pack-missing', `There is no task pack ${JSON.stringify(slug)} in ${root}. Check TASK_PACKS.`);
  }
}
