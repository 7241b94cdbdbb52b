import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Config } from '../config';
import { configModule } from '../config.module';
import { DatabaseModule } from '../database/database.module';
import { TaskPackSync } from './task-pack-sync';
import { TaskVersionEntity } from './task-version.entity';

class SyncModule {}

function syncModule(config: Config): DynamicModule {
  return {
    module: SyncModule,
    imports: [configModule(config), DatabaseModule, TypeOrmModule.forFeature([TaskVersionEntity])],
    providers: [TaskPackSync],
  };
}

/**
 * Syncs the task packs of a running platform without restarting it, and prints one line a pack.
 *
 * @returns the exit code: 0, or 1 when a pack was refused
 */
export async function syncTaskPacks(config: Config, print: (line: string) => void): Promise<number> {
  const context = await NestFactory.createApplicationContext(syncModule(config), { logger: false });
  try {
    const results = await context.get(TaskPackSync).syncAll();
    for (const result of results) {
      if (result.outcome === 'refused') print(`${result.folder}: refused\n  ${result.errors.join('\n  ')}`);
      else print(`${result.slug} ${result.version}: ${result.outcome}`);
    }
    if (results.length === 0) print(`There is no task pack below ${config.taskPacks} (TASK_PACKS).`);
    return results.some((result) => result.outcome === 'refused') ? 1 : 0;
  } finally {
    await context.close();
  }
}
