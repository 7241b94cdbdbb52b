import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';
import { courtOf } from './court';
import { allPacks, gradeDumbServer } from './dumb-servers';
import { isFree } from './graded-forgery';

const MUTATING_SERVER = path.join(__dirname, '..', '..', 'assets', 'mutating-server');

/** Seeds of one attempt: few, because each is a grade of every pack. The deep spec tries more. */
const SEEDS = [1, 2, 3, 4];

/** Grades the reference of a pack with some of its answers changed by chance. */
export async function gradeMutated(stage: Stage, pack: TaskPack, seed: number): Promise<GradingReport> {
  const { grader } = await courtOf(stage);
  const folder = path.join(await stage.folder(), 'project');
  await buildSolution(pack, pack.reference, folder);
  await cp(MUTATING_SERVER, folder, { recursive: true });
  const module = path.join(folder, `${pack.definition.framework.wsgi.replaceAll('.', '/')}.py`);
  await writeFile(module, `from mutating_server import make\n\napplication = make(${seed})\n`);
  return grader.grade({ pack, folder, signal: stage.signal });
}

export const mutatedAnswers: Attack = {
  id: 'mutated-answers',
  title: 'Good answers changed by chance, on every task pack',
  breach: 'A check crashes, so that the run ends as a fault of ours, which costs no attempt and is tried again.',
  layers: ['strict-checks'],
  residual: null,
  runs: 'each',
  seconds: 600,
  async attempt(stage, without) {
    if (without.length > 0) return carelessChecks(stage);
    const packs = await allPacks(stage);
    const found: string[] = [];
    for (const pack of packs) {
      for (const seed of SEEDS) {
        const report = await gradeMutated(stage, pack, seed);
        if (isFree(report)) found.push(`${pack.slug} with seed ${seed}: ${report.reason?.messageForReviewer.slice(0, 300)}`);
      }
    }
    return {
      breached: found.length > 0,
      seen: found.length > 0 ? found.join('; ') : `no crash in ${packs.length * SEEDS.length} grades`,
    };
  },
};

/** Checks that take an answer for what it should be, before answers by chance. */
async function carelessChecks(stage: Stage): Promise<Observation> {
  const { loosePack } = await courtOf(stage);
  for (let seed = 1; seed <= 20; seed += 1) {
    const report = await gradeDumbServer(stage, loosePack, 'random', seed);
    if (isFree(report)) return { breached: true, seen: `careless checks, seed ${seed}: ${report.reason?.messageForReviewer}` };
  }
  return { breached: false, seen: 'careless checks did not crash' };
}
