import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { itMounts, smallDisk, title } from '../../fixtures/faults/small-disk';
import { GradingBench, statuses } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

describe('a disk that is full', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  async function gradeOn(disk: string, work: (grader: Grader, archivePath: string) => Promise<void>): Promise<void> {
    // The template's own run goes elsewhere: what is tested is a disk that fills up later.
    const grader = createGrader({
      sandbox: new BubblewrapDriver(),
      runtime: bench.runtime,
      cluster: bench.cluster,
      workRoot: disk,
    });
    const archivePath = path.join(bench.scratch, `${randomBytes(4).toString('hex')}.tar.gz`);
    const project = await bench.project({ 'notes/padding.py': `PADDING = "${randomBytes(200_000).toString('hex')}"\n` });
    writeFileSync(archivePath, await packFolder(project));
    await work(grader, archivePath);
  }

  itMounts.each([
    ['no room', 'size=256k'],
    ['no file left', 'size=8m,nr_inodes=6'],
  ])(title('%s to unpack a submission, and room again'), async (_what, options) => {
    const disk = smallDisk(options);
    try {
      await gradeOn(String(disk?.folder), async (grader, archivePath) => {
        const report = await grader.grade({ pack: bench.pack, archivePath });
        expect(report).toMatchObject({ outcome: 'infra_fault', checks: [], reason: { code: 'disk-failed' } });
        expect(report.reason?.messageForReviewer).toMatch(/ENOSPC/);
        execFileSync('mount', ['-o', 'remount,size=64m,nr_inodes=10000', String(disk?.folder)]);
        const next = await grader.grade({ pack: bench.pack, archivePath });
        expect([next.reason, ...new Set(Object.values(statuses(next)))]).toEqual([null, 'passed']);
      });
    } finally {
      disk?.remove();
    }
  });
});
