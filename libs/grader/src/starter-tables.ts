import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HashedFile } from '@assay/archive/content-hash';
import { hashMigrations, hashSettings } from '@assay/task-pack/folder-hash';
import type { TaskPack } from '@assay/task-pack/load-task-pack';

/** What a submission has in common with the starter of its pack. */
export interface StarterLikeness {
  readonly sameSettings: boolean;
  /** `migrate` of the starter leads to the tables of the submission's own, but for those of apps that its settings add. */
  readonly sameTables: boolean;
}

/** Compares a submission's files, unpacked in `folder`, with the starter. */
export async function compareWithStarter(pack: TaskPack, folder: string, files: readonly HashedFile[]): Promise<StarterLikeness> {
  const sameSettings = hashSettings(files, pack.definition.framework.settings) === pack.starterSettingsHash;
  const sameMigrations = hashMigrations(files) === pack.starterMigrationsHash;
  return { sameSettings, sameTables: sameMigrations && (sameSettings || !(await namesMigrationModules(folder, files))) };
}

/** Whether the project says itself where its migrations are: they may have the names of the starter's and another content. */
async function namesMigrationModules(folder: string, files: readonly HashedFile[]): Promise<boolean> {
  for (const { path: file } of files) {
    if (file.endsWith('.py') && (await readFile(path.join(folder, file))).includes('MIGRATION_MODULES')) return true;
  }
  return false;
}
