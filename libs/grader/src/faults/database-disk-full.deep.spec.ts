import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GradingProcess } from '../../fixtures/faults/grading-process';
import { itMounts, smallDisk, title } from '../../fixtures/faults/small-disk';
import { type Changes, GradingBench, statuses, TINY_NOTES } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

const MIB = 2 ** 20;

describe('a disk that is full', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

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
