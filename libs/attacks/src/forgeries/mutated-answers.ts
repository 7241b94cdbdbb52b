import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import type { Attack } from '../attack';
import type { Stage } from '../stage';
import { courtOf } from './court';
import { allPacks } from './dumb-servers';
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
  seconds: 240,
  async attempt(stage, without) {
    const packs = without.length > 0 ? [(await courtOf(stage)).loosePack] : await allPacks(stage);
    const seeds = without.length > 0 ? Array.from({ length: 20 }, (_, index) => index) : SEEDS;
    const found: string[] = [];
    for (const pack of packs) {
      for (const seed of seeds) {
        const report = await gradeMutated(stage, pack, seed);
        if (isFree(report)) found.push(`${pack.slug} with seed ${seed}: ${report.reason?.messageForReviewer.slice(0, 300)}`);
        if (without.length > 0 && found.length > 0) break;
      }
    }
    return {
      breached: found.length > 0,
      seen: found.length > 0 ? found.join('; ') : `no crash in ${packs.length * seeds.length} grades`,
    };
  },
};
