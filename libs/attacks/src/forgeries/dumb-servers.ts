import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import { listTaskPacks, loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import type { Attack } from '../attack';
import type { Stage } from '../stage';
import { courtOf, earned } from './court';
import { isFree } from './graded-forgery';

const REPOSITORY = path.join(__dirname, '..', '..', '..', '..');
const DUMB_SERVER = path.join(__dirname, '..', '..', 'assets', 'dumb-server');

/** Kinds of servers that know nothing, by the names of `assets/dumb-server/dumb_server.py`. */
export const DUMB_KINDS = ['random', 'constant', 'echoing', 'lying'] as const;
export type DumbKind = (typeof DUMB_KINDS)[number];

/** Seeds of one attempt: few, because each is a grade of every pack. The deep spec tries more. */
const SEEDS = [1, 2, 3];

/** Every task pack of the repository, the one of the grader's own tests and the one of these attacks. */
export function allPacks(stage: Stage): Promise<readonly TaskPack[]> {
  return stage.shared('all task packs', async (whole) => [
    await loadTaskPack(path.join(REPOSITORY, 'libs', 'grader', 'fixtures', 'tiny-notes')),
    (await courtOf(whole)).pack,
    ...(await listTaskPacks(path.join(REPOSITORY, 'task-packs'))),
  ]);
}

/** Grades the starter of a pack with a server that knows nothing in the place of its WSGI module. */
export async function gradeDumbServer(stage: Stage, pack: TaskPack, kind: DumbKind, seed: number): Promise<GradingReport> {
  const { grader } = await courtOf(stage);
  const folder = path.join(await stage.folder(), 'project');
  await cp(pack.starterFolder, folder, { recursive: true });
  await cp(DUMB_SERVER, folder, { recursive: true });
  const module = path.join(folder, `${pack.definition.framework.wsgi.replaceAll('.', '/')}.py`);
  await writeFile(module, `from dumb_server import make\n\napplication = make("${kind}", ${seed})\n`);
  return grader.grade({ pack, folder, signal: stage.signal });
}

/** What a dumb server must not have got of a report; null when it got nothing. */
export function ill(report: GradingReport): string | null {
  if (isFree(report)) return `a fault that is called ours (${report.reason?.messageForReviewer.slice(0, 200)})`;
  const passed = report.checks.filter(({ status }) => status === 'passed').map(({ id }) => id);
  return earned(report) > 0 ? `${earned(report)} points (${passed.join(', ')})` : null;
}

const dumb = (kind: DumbKind): Attack => ({
  id: `dumb-server-${kind}`,
  title: `Servers that know nothing: ${kind} answers, on every task pack`,
  breach: 'The starter of a pack with such a server gets a point, or ends its run as a fault of ours.',
  layers: ['strict-checks'],
  residual: null,
  runs: 'each',
  seconds: 600,
  async attempt(stage, without) {
    const packs = without.length > 0 ? [(await courtOf(stage)).loosePack] : await allPacks(stage);
    const found: string[] = [];
    for (const pack of packs) {
      for (const seed of SEEDS) {
        const got = ill(await gradeDumbServer(stage, pack, kind, seed));
        if (got !== null) found.push(`${pack.slug} with seed ${seed}: ${got}`);
      }
    }
    const grades = `${packs.length * SEEDS.length} grades of ${packs.map(({ slug }) => slug).join(', ')}`;
    return { breached: found.length > 0, seen: found.length > 0 ? found.join('; ') : `nothing in ${grades}` };
  },
});

export const dumbServers: readonly Attack[] = DUMB_KINDS.map(dumb);
