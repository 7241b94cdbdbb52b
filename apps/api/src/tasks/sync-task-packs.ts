import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Config, readConfig } from '../config';
import { configModule } from '../config.module';
import { DatabaseModule } from '../database/database.module';
import { TaskPackSync } from './task-pack-sync';
import { TaskVersionEntity } from './task-version.entity';

/** Command line entry point: syncs the task packs of a running platform without restarting it. Exits 1 when a pack was refused. */
async function main(): Promise<number> {
  const config = readConfig(process.env);
  const context = await NestFactory.createApplicationContext(syncModule(config), { logger: false });
  try {
    const results = await context.get(TaskPackSync).syncAll();
    for (const result of results) {
      if (result.outcome === 'refused') process.stderr.write(`${result.folder}: refused\n  ${result.errors.join('\n  ')}\n`);
      else process.stdout.write(`${result.slug} ${result.version}: ${result.outcome}\n`);
    }
    if (results.length === 0) process.stderr.write(`There is no task pack below ${config.taskPacks} (TASK_PACKS).\n`);
    return results.some((result) => result.outcome === 'refused') ? 1 : 0;
  } finally {
    await context.close();
  }
}

class SyncModule {}

function syncModule(config: Config): DynamicModule {
  return {
    module: SyncModule,
    imports: [configModule(config), DatabaseModule, TypeOrmModule.forFeature([TaskVersionEntity])],
    providers: [TaskPackSync],
  };
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`The task packs were not synced: ${error.message}\n`);
    process.exit(1);
  },
);
