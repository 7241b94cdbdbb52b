import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { RealStage, SharedThings } from '../real-stage';
import { allPacks, DUMB_KINDS, gradeDumbServer, ill } from './dumb-servers';
import { isFree } from './graded-forgery';
import { gradeMutated } from './mutated-answers';

jest.setTimeout(45 * 60_000);

const FIRST_SEED = 100;
const DUMB_SEEDS = 8;
const MUTATED_SEEDS = 40;

/** More seeds than an attack of the suite tries. Every grade is the real one, of every pack. */
describe('servers that know nothing, and good answers changed by chance', () => {
  let workRoot: string;
  let things: SharedThings;
  let newStage: () => RealStage;

  beforeAll(async () => {
    const runtime = await sharedRuntime();
    workRoot = await mkdtemp(path.join(os.tmpdir(), 'assay-attacks-'));
    things = new SharedThings(runtime, 'zygote', workRoot);
    newStage = () => new RealStage(runtime, 'zygote', workRoot, things);
  });
  afterAll(async () => {
    await things.end();
    await rm(workRoot, { recursive: true, force: true });
  });

  const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => FIRST_SEED + index);

  /** What was found, for each pack and seed that something was found for. */
  async function search(
    count: number,
    find: (stage: RealStage, pack: TaskPack, seed: number) => Promise<string | null>,
  ): Promise<string[]> {
    const found: string[] = [];
    for (const pack of await allPacks(newStage())) {
      for (const seed of seeds(count)) {
        const stage = newStage();
        const got = await find(stage, pack, seed);
        await stage.end();
        if (got !== null) found.push(`${pack.slug} with seed ${seed}: ${got}`);
      }
    }
    return found;
  }

  test.each(DUMB_KINDS)('a server of %s answers gets no point', async (kind) => {
    expect(await search(DUMB_SEEDS, async (stage, pack, seed) => ill(await gradeDumbServer(stage, pack, kind, seed)))).toEqual(
      [],
    );
  });

  test('no check crashes whatever is changed in good answers', async () => {
    const crashes = await search(MUTATED_SEEDS, async (stage, pack, seed) => {
      const report = await gradeMutated(stage, pack, seed);
      return isFree(report) ? (report.reason?.messageForReviewer ?? 'a fault that is called ours') : null;
    });
    expect(crashes).toEqual([]);
  });
});
