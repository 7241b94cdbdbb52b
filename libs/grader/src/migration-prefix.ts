import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HashedFile } from '@assay/archive/content-hash';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { z } from 'zod';
import { decisiveSettings } from './decisive-settings';
import type { TakenIn } from './submission-intake';

/** What `assets/assay_migration_prefix.py` says of a starter. */
export const migrationPlanSchema = z.object({
  /** No setting, router or squashed migration makes the plan depend on more than the files of migrations. */
  isPlain: z.boolean(),
  /** Apps of the project itself: folder, and the file of their `AppConfig` when that is in the project. */
  apps: z.array(z.object({ label: z.string(), folder: z.string(), config: z.string().nullable() })),
  /** Top-level names of the packages of all other apps. */
  packages: z.array(z.string()),
  /** In the order of `migrate`: what the last migration of each app, sorted by label, adds to what was applied before. */
  parts: z.array(
    z.object({
      label: z.string(),
      /** `standsAlone`: no file of the project but its own can change what it does. */
      migrations: z.array(z.object({ label: z.string(), name: z.string(), standsAlone: z.boolean() })),
    }),
  ),
});
export type MigrationPlan = z.infer<typeof migrationPlanSchema>;

/** What makes Django's plan, or what its steps do, depend on more than the files of migrations. Any mention is enough. */
const UNUSUAL =
  /pre_migrate|connection_created|class_prepared|run_before|\breplaces\s*=|MIGRATION_MODULES|DATABASE_ROUTERS|django\.db\.(backends\.(base|[a-z]+\.)|migrations\.(executor|graph|loader|recorder|state|autodetector))/;

/**
 * How many parts of the starter's plan a submission's own `migrate` would begin with, to the letter: so many may have been applied
 * before in a template. 0 whenever that is not certain.
 *
 * `migrate` goes through the last migrations of all apps, sorted by label. Up to the first app whose migrations the submission touched
 * it finds the starter's, and they depend on the starter's alone as long as none of a touched app is among them. From there on, the
 * submission's own process decides.
 */
export async function commonParts(plan: MigrationPlan, pack: TaskPack, taken: TakenIn, projectDir: string): Promise<number> {
  if (!plan.isPlain) return 0;
  const different = differentFiles(pack.starterFiles, taken.files);
  const touched = touchedApps(plan, different);
  if (touched === null || different.some((file) => decidesOnApps(plan, pack, file))) return 0;
  if (await mentionsUnusual(projectDir, taken.changed)) return 0;
  if (!(await keepsDecisiveSettings(pack, projectDir, different))) return 0;
  const first = [...touched].sort()[0];
  const end = plan.parts.findIndex(
    ({ label, migrations }) =>
      (first !== undefined && label >= first) || migrations.some((each) => touched.has(each.label) || !each.standsAlone),
  );
  return end < 0 ? plan.parts.length : end;
}

/** The largest number of parts for a submission that touches this one app. */
export function partsBefore(plan: MigrationPlan, app: string): number {
  const end = plan.parts.findIndex(
    ({ label, migrations }) => label >= app || migrations.some((each) => each.label === app || !each.standsAlone),
  );
  return end < 0 ? plan.parts.length : end;
}

/** Whether a Python file among these says a word of what is unusual. */
export async function mentionsUnusual(folder: string, files: readonly string[]): Promise<boolean> {
  for (const file of files)
    if (file.endsWith('.py') && UNUSUAL.test(await readFile(path.join(folder, file), 'utf8'))) return true;
  return false;
}

/** Paths that are added, removed or changed. */
function differentFiles(starter: readonly HashedFile[], submitted: readonly HashedFile[]): string[] {
  const hashes = new Map(starter.map((file) => [file.path, file.sha256]));
  const kept = submitted.filter((file) => hashes.get(file.path) === file.sha256).map((file) => file.path);
  return [...new Set([...hashes.keys(), ...submitted.map((file) => file.path)])].filter((file) => !kept.includes(file));
}

/** Labels of the apps whose migrations differ; null when some differ that belong to no app of the starter. */
function touchedApps(plan: MigrationPlan, different: readonly string[]): Set<string> | null {
  const labels = new Set<string>();
  for (const file of different) {
    if (!/(^|\/)migrations\//.test(file)) continue;
    const app = plan.apps.find(({ folder }) => path.posix.dirname(file) === `${folder}/migrations`);
    if (!app) return null;
    labels.add(app.label);
  }
  return labels;
}

/** Whether a file says which apps there are and what they are called, or hides a package that one of them comes from. */
function decidesOnApps(plan: MigrationPlan, pack: TaskPack, file: string): boolean {
  if (path.posix.basename(file) === 'apps.py') return true;
  const folders = [...plan.apps.map(({ folder }) => folder), path.posix.dirname(settingsFile(pack))];
  const inits = folders.flatMap((folder) => folder.split('/').map((_, depth, names) => names.slice(0, depth + 1).join('/')));
  if (plan.apps.some(({ config }) => config === file) || inits.some((folder) => file === `${folder}/__init__.py`)) return true;
  return plan.packages.includes(String(file.split('/')[0]).replace(/\.py$/, ''));
}

/** Whether what decides on migrations is in the settings what it is in the starter's. */
async function keepsDecisiveSettings(pack: TaskPack, projectDir: string, different: readonly string[]): Promise<boolean> {
  const file = settingsFile(pack);
  if (different.some((name) => name.startsWith(file.replace(/\.py$/, '/')))) return false;
  if (!different.includes(file)) return true;
  const [starter, submitted] = await Promise.all(
    [pack.starterFolder, projectDir].map(async (folder) =>
      decisiveSettings(await readFile(path.join(folder, file), 'utf8').catch(() => '')),
    ),
  );
  return Boolean(starter?.length) && JSON.stringify(starter) === JSON.stringify(submitted);
}

function settingsFile(pack: TaskPack): string {
  return `${pack.definition.framework.settings.replaceAll('.', '/')}.py`;
}
