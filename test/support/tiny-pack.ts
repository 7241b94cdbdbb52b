import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';

const FIXTURE = resolve(__dirname, '..', '..', 'libs', 'grader', 'fixtures', 'tiny-notes');

/** A folder of task packs with one small pack, `tiny-notes`, which grades within a second. */
export interface TinyPacks {
  /** For `TASK_PACKS`. */
  readonly root: string;
  /** The starter with these files over it, as tar.gz. */
  archive(files?: Readonly<Record<string, string>>): Promise<Buffer>;
  remove(): Promise<void>;
}

/** @param visibleChecks files of `visible-checks/`, in the place of the fixture's */
export async function makeTinyPacks(visibleChecks: Readonly<Record<string, string>>): Promise<TinyPacks> {
  const root = await mkdtemp(join(tmpdir(), 'assay-packs-'));
  const pack = join(root, 'django', 'tiny-notes');
  await cp(FIXTURE, pack, { recursive: true });
  await rm(join(pack, 'visible-checks'), { recursive: true });
  await write(join(pack, 'visible-checks'), visibleChecks);
  const definition = join(pack, 'task.yaml');
  const limits = (await readFile(definition, 'utf8')).replace(
    'startSeconds: 8, runSeconds: 12',
    'startSeconds: 4, runSeconds: 3',
  );
  await writeFile(definition, limits);
  return {
    root,
    async archive(files = {}) {
      const folder = await mkdtemp(join(root, 'project-'));
      const project = join(folder, 'project');
      await cp(join(pack, 'starter'), project, { recursive: true });
      await write(project, files);
      return packFolder(project);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
