import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import { prepareRuntime } from '@assay/sandbox/runtime';
import { assayHome } from '@assay/sandbox/runtime-paths';
import { loadTaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution, findSolution } from '@assay/task-pack/solution-overlay';
import { keepBusy } from '../../fixtures/faults/busy-machine';
import { DRIVER_NAMES, makeDriver } from '../../fixtures/faults/drivers';
import { TINY_NOTES, withoutTimings } from '../../fixtures/grading-bench';
import { createGrader } from '../grader';

jest.setTimeout(1_800_000);

const GRADES = 20;
/** As many as run at once on a worker that takes more than one at a time. */
const AT_A_TIME = 2;
const BOOKSHOP = path.join(__dirname, '..', '..', '..', '..', 'task-packs', 'django', 'bookshop');

/** A sound solution, and two that fail some checks. */
const SUBMISSIONS = [
  ['reference', TINY_NOTES],
  ['broken/open-door', TINY_NOTES],
  ['broken/hurried', BOOKSHOP],
] as const;

describe.each(DRIVER_NAMES)('twenty gradings of one submission while every processor is busy, on %s', (driver) => {
  it.each(SUBMISSIONS)('%s of %s', async (name, packFolder) => {
    const scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-load-'));
    const runtime = await prepareRuntime({ home: assayHome(process.env, os.homedir()) });
    const pack = await loadTaskPack(packFolder);
    const solution = findSolution(pack, name);
    if (!solution) throw new Error(`${pack.slug} has no solution "${name}"`);
    const folder = path.join(scratch, 'project');
    await buildSolution(pack, solution, folder);
    const grader = createGrader({ sandbox: makeDriver(driver, scratch), runtime, workRoot: scratch });
    try {
      await grader.prepare(pack);
      const quiet = await grader.grade({ pack, folder });
      expect(quiet.outcome).toBe('graded');
      const reports: GradingReport[] = [];
      const rest = keepBusy();
      try {
        const gradeSome = async (): Promise<void> => {
          for (let done = 0; done < GRADES / AT_A_TIME; done += 1) reports.push(await grader.grade({ pack, folder }));
        };
        await Promise.all(Array.from({ length: AT_A_TIME }, gradeSome));
      } finally {
        await rest();
      }
      expect(reports).toHaveLength(GRADES);
      for (const report of reports) expect(withoutTimings(report)).toBe(withoutTimings(quiet));
    } finally {
      await grader.close();
      await rm(scratch, { recursive: true, force: true });
    }
  });
});
