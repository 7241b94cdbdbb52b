import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { TaskPackSync } from './task-pack-sync';

/** Syncs the task packs whenever the API starts, before it answers. */
@Injectable()
export class TaskPackSyncOnStart implements OnApplicationBootstrap {
  constructor(private readonly sync: TaskPackSync) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sync.syncAll();
  }
}
