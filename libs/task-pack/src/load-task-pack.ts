import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type HashedFile, hashContent } from '@assay/archive/content-hash';
import { parseDocument } from 'yaml';
import type { ZodType } from 'zod';
import { hashFiles, hashMigrations, hashSettings, listFiles } from './folder-hash';
import { type Expectation, expectationSchema, type TaskDefinition, taskDefinitionSchema } from './task-definition';
import { TaskPackError } from './task-pack-error';

/** A solution kept in the pack as an overlay on the starter. */
export interface PackSolution {
  /** `reference`, `broken/<name>` or `attacks/<name>`. */
  readonly name: string;
  readonly folder: string;
  /** Which checks fail; none for the reference. */
  readonly expectation: Expectation;
}

/** A task pack on disk: what it says, and absolute paths of its parts. */
export interface TaskPack {
  readonly slug: string;
  readonly version: string;
  readonly definition: TaskDefinition;
  /** What the candidate reads, Markdown. */
  readonly prompt: string;
  /** sha256 (hex) over every file of the pack. */
  readonly contentHash: string;
  /** Every file of the pack, relative and sorted. */
  readonly files: readonly string[];
  /** Every file of the starter, relative to it and sorted by path. */
  readonly starterFiles: readonly HashedFile[];
  /** Hashes of the starter's migrations and settings, to compare with a submission's. */
  readonly starterMigrationsHash: string;
  readonly starterSettingsHash: string;
  readonly folder: string;
  readonly starterFolder: string;
  readonly visibleChecksFolder: string;
  readonly hiddenChecksFolder: string;
  readonly dataFolder: string;
  readonly reference: PackSolution;
  readonly broken: readonly PackSolution[];
  readonly attacks: readonly PackSolution[];
}

/**
 * Reads a task pack; nothing of it is run. Throws {@link TaskPackError} naming the file and what is wrong in it.
 * A pack that loads can still be poor: see `lintTaskPack`.
 */
export async function loadTaskPack(folder: string): Promise<TaskPack> {
  const root = path.resolve(folder);
  const text = await readFile(path.join(root, 'task.yaml'), 'utf8').catch(() => {
    throw new TaskPackError(`${root} has no readable task.yaml: is it the folder of a task pack?`);
  });
  const definition = parseTaskDefinition(text);
  if (definition.id !== path.basename(root)) {
    throw new TaskPackError(`task.yaml: id "${definition.id}" must be the name of the pack's folder, "${path.basename(root)}"`);
  }
  const prompt = await readFile(path.join(root, 'prompt.md'), 'utf8').catch(() => {
    throw new TaskPackError('prompt.md is missing: it is what the candidate reads');
  });
  const files = await listFiles(root);
  const hashed = await hashFiles(root, files);
  const inStarter = hashed
    .filter((file) => file.path.startsWith('starter/'))
    .map((file) => ({ ...file, path: file.path.slice('starter/'.length) }));
  if (!inStarter.some((file) => file.path === 'manage.py'))
    throw new TaskPackError('starter/manage.py is missing: the starter must be a Django project');
  return {
    slug: definition.id,
    version: definition.version,
    definition,
    prompt,
    contentHash: hashContent(hashed),
    files,
    starterFiles: inStarter,
    starterMigrationsHash: hashMigrations(inStarter),
    starterSettingsHash: hashSettings(inStarter, definition.framework.settings),
    folder: root,
    starterFolder: path.join(root, 'starter'),
    visibleChecksFolder: path.join(root, 'visible-checks'),
    hiddenChecksFolder: path.join(root, 'hidden-checks'),
    dataFolder: path.join(root, 'data'),
    reference: { name: 'reference', folder: path.join(root, 'reference'), expectation: { base: 'starter', failed: [] } },
    broken: await loadSolutions(root, 'broken', files),
    attacks: await loadSolutions(root, 'attacks', files),
  };
}

/** Every task pack below `root` (`<root>/<framework>/<slug>/task.yaml`), sorted by path. */
export async function listTaskPacks(root: string): Promise<TaskPack[]> {
  const packs: TaskPack[] = [];
  for (const framework of await subfolders(root)) {
    for (const slug of await subfolders(path.join(root, framework))) {
      const folder = path.join(root, framework, slug);
      const isPack = await stat(path.join(folder, 'task.yaml')).catch(() => null);
      if (isPack) packs.push(await loadTaskPack(folder));
    }
  }
  return packs;
}

function parseTaskDefinition(text: string): TaskDefinition {
  const document = parseDocument(text, { uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) throw new TaskPackError(`task.yaml is not YAML: ${problem.message}`);
  return parseWith(taskDefinitionSchema, document.toJS({ maxAliasCount: 0 }), 'task.yaml');
}

async function loadSolutions(root: string, kind: 'broken' | 'attacks', files: readonly string[]): Promise<PackSolution[]> {
  const names = new Set(files.filter((file) => file.startsWith(`${kind}/`)).map((file) => file.split('/')[1] ?? ''));
  const solutions: PackSolution[] = [];
  for (const name of names) {
    const folder = path.join(root, kind, name);
    const file = `${kind}/${name}/expect.json`;
    if (!files.includes(file)) throw new TaskPackError(`${file} is missing: it names the checks that fail for this solution`);
    solutions.push({
      name: `${kind}/${name}`,
      folder,
      expectation: parseExpectation(await readFile(path.join(root, file), 'utf8'), file),
    });
  }
  return solutions;
}

function parseExpectation(text: string, file: string): Expectation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TaskPackError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseWith(expectationSchema, value, file);
}

function parseWith<T>(schema: ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const message = issue.code === 'invalid_key' ? issue.issues.map((inner) => inner.message).join(', ') : issue.message;
    return `${issue.path.join('.') || '(root)'}: ${message}`;
  });
  throw new TaskPackError(`${file}: ${problems.join('; ')}`);
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
