import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packFolder } from '@assay/archive/pack-folder';
import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import { GradingProcess } from '../../fixtures/faults/grading-process';
import { type Changes, GradingBench, statuses, TINY_NOTES } from '../../fixtures/grading-bench';
import { createGrader, type Grader } from '../grader';

jest.setTimeout(120_000);

const MIB = 2 ** 20;

/** A small file system of its own, or null where this user may not mount one. */
function smallDisk(options: string): { folder: string; remove: () => void } | null {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  const remove = (): void => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  };
  return { folder, remove };
}

const canMount = ((): boolean => {
  const disk = smallDisk('size=64k');
  disk?.remove();
  return disk !== null;
})();
const itMounts = canMount ? it : it.skip;
const title = (text: string): string => (canMount ? text : `${text} (skipped: mounting a small disk takes root)`);

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

  itMounts(title('no room for what the database writes: the project is not to blame'), async () => {
    // In a mount namespace of its own the judge has no other storage than this.
    const disk = smallDisk('size=1500m,mode=1777');
    const ballast = path.join(String(disk?.folder), 'ballast');
    const wrapper = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /dev/shm && exec "$@"', String(disk?.folder)];
    const writing: Changes = {
      'site_notes/wsgi.py': `import time
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()
from django.db import connection
def application(environ, start):
    time.sleep(0.4)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS padding AS SELECT repeat(md5(n::text), 60) FROM generate_series(1, 20000) n")
    return inner(environ, start)
`,
    };
    let judge: GradingProcess | null = null;
    try {
      const folder = await bench.project(writing);
      const workRoot = path.join(String(disk?.folder), 'work');
      mkdirSync(workRoot);
      const options = { driver: 'bubblewrap', pack: TINY_NOTES, workRoot } as const;
      judge = await GradingProcess.open(options, { TMPDIR: String(disk?.folder) }, wrapper);
      const good = await judge.grade(folder);
      expect([good.reason, ...new Set(Object.values(statuses(good)))]).toEqual([null, 'passed']);
      let isFull = false;
      const report = await judge.grade(folder, {
        onPhase: ({ phase }) => {
          if (phase !== 'checking' || isFull) return;
          isFull = true;
          const { bavail, bsize } = statfsSync(String(disk?.folder));
          writeFileSync(ballast, '');
          execFileSync('fallocate', ['-l', String(bavail * bsize - MIB), ballast]);
        },
      });
      expect(isFull).toBe(true);
      expect(report).toMatchObject({ outcome: 'infra_fault', checks: [] });
      expect(report.reason?.messageForReviewer).toMatch(/storage|space|full/i);
      truncateSync(ballast, 0);
      const next = await judge.grade(folder);
      expect([next.reason, ...new Set(Object.values(statuses(next)))]).toEqual([null, 'passed']);
    } finally {
      await judge?.close();
      disk?.remove();
    }
  });
});
