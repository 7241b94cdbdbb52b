import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack, type TaskPack } from '@assay/task-pack/load-task-pack';
import { findSolution } from '@assay/task-pack/solution-overlay';
import { createGrader, type Grader } from './grader';
import { formatVerification, verifySolution } from './verify-pack';

jest.setTimeout(180_000);

const FOLDER = path.join(__dirname, '..', '..', '..', 'task-packs', 'django', 'bookshop');
const solutions = ['broken', 'attacks'].flatMap((kind) => readdirSync(path.join(FOLDER, kind)).map((name) => `${kind}/${name}`));

/** Every solution of the bookshop pack, graded for real: exactly the checks that it names fail. */
describe('the bookshop pack', () => {
  let grader: Grader;
  let pack: TaskPack;

  beforeAll(async () => {
    const runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
    grader = createGrader({ sandbox: new BubblewrapDriver(), runtime });
    pack = await loadTaskPack(FOLDER);
    await grader.prepare(pack);
  }, 600_000);
  afterAll(() => grader.close());

  it.each(['reference', ...solutions])('%s', async (name) => {
    const solution = findSolution(pack, name);
    if (!solution) throw new Error(`the pack has no solution ${name}`);
    const result = await verifySolution(grader, pack, solution);
    expect(formatVerification({ ...result, totalMs: 0 })).toBe(`ok   ${name} (graded, 0 ms)`);
  });
});
