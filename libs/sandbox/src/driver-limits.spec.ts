import { setTimeout as wait } from 'node:timers/promises';
import { findCgroups } from './cgroup/find-cgroups';
import { DRIVERS } from './testing/drivers';
import { BUILD_TIMEOUT, processesWith, sharedRuntime, TinyProjects } from './testing/tiny-project';

describe.each(DRIVERS)('$name', ({ make }) => {
  const projects = new TinyProjects(make);
  let hasCgroup = false;

  beforeAll(async () => {
    await sharedRuntime();
    hasCgroup = (await findCgroups()).parents !== null;
  }, BUILD_TIMEOUT);
  afterEach(() => projects.cleanUp());
  afterAll(() => projects.close());

  describe('limits', () => {
    test('a fork bomb stays within its number of processes, and dies', async () => {
      const sandbox = await projects.start(await projects.spec({}, { processes: 20 }));
      await sandbox.started;
      const bomb = `
import os, time
made = 0
try:
    while made < 500:
        if os.fork() == 0:
            time.sleep(600)
        made += 1
except BlockingIOError:
    pass
answer = made`;
      const made = (await sandbox.run(bomb)) as number;
      expect(made).toBeGreaterThan(10);
      expect(made).toBeLessThanOrEqual(20);
      expect((await sandbox.processes()).length).toBe(made + 1);
      await sandbox.kill();
      expect(await sandbox.processes()).toEqual([]);
      const { counters } = await sandbox.exited;
      if (hasCgroup) expect(counters.processesRefused).toBeGreaterThan(0);
      else expect(counters.processesRefused).toBeNull();
    });

    test('a fork bomb at import ends with the start', async () => {
      const sandbox = await projects.start(
        await projects.spec(
          { 'tiny/wsgi.py': 'import os\nwhile True:\n    try: os.fork()\n    except OSError: pass' },
          { startSeconds: 3, processes: 32 },
        ),
      );
      expect(await sandbox.started).toMatchObject({ outcome: 'timed_out', step: 'wsgi' });
      expect(await sandbox.processes()).toEqual([]);
    });

    test('a gigabyte of output is neither kept nor in the way', async () => {
      const sandbox = await projects.start(await projects.spec({}, { logBytes: 100_000 }));
      await sandbox.started;
      const before = process.memoryUsage().rss;
      const flood = 'import os\nfor _ in range(1024): os.write(1, b"x" * 2**20)\nos.write(2, b"the end")\nanswer = "done"';
      expect(await sandbox.run(flood)).toBe('done');
      await sandbox.kill();
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
      expect(sandbox.log().length).toBeLessThan(101_000);
      expect(sandbox.log()).toMatch(/bytes left out(.|\n)*the end$/);
      expect((await sandbox.exited).counters.outputBytes).toBeGreaterThan(2 ** 30);
    });

    test('the memory of one process is bounded', async () => {
      const sandbox = await projects.start(await projects.spec({ 'tiny/wsgi.py': 'x = bytearray(2**30)' }, { memoryMiB: 256 }));
      expect(await sandbox.started).toMatchObject({ outcome: 'failed', step: 'wsgi', error: 'MemoryError' });
    });

    test('the memory of many processes together is bounded', async () => {
      if (!hasCgroup) return;
      const sandbox = await projects.start(await projects.spec({}, { memoryMiB: 256 }));
      await sandbox.started;
      const eat =
        'import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        x = bytearray(100 * 2**20); time.sleep(600)\ntime.sleep(2)\nanswer = 1';
      await sandbox.run(eat).catch(() => undefined);
      await sandbox.kill();
      const { counters } = await sandbox.exited;
      expect(counters.memoryKills).toBeGreaterThan(0);
      expect(counters.peakMemoryBytes).toBeLessThanOrEqual(256 * 2 ** 20);
    });

    test('a project that the kernel kills for its memory is told so', async () => {
      if (!hasCgroup) return;
      const eat =
        'import mmap, os\nparts = []\nfor n in range(2):\n    if n and os.fork() == 0: break\nx = bytearray(180 * 2**20)\nimport time; time.sleep(600)';
      const sandbox = await projects.start(await projects.spec({ 'tiny/wsgi.py': eat }, { memoryMiB: 256, startSeconds: 5 }));
      const result = await sandbox.started;
      expect(['died', 'timed_out']).toContain(result.outcome);
      expect((await sandbox.exited).counters.memoryKills).toBeGreaterThan(0);
      if (result.outcome === 'died') expect(result.exit).toEqual({ kind: 'limit', limit: 'memory' });
    });

    test('CPU time is bounded, also where Python does not look at signals', async () => {
      const loops = ['while True: pass', 'import re; re.match("(a+)+b", "a" * 60)'];
      for (const loop of loops) {
        const sandbox = await projects.start(await projects.spec({ 'tiny/wsgi.py': loop }, { cpuSeconds: 1, startSeconds: 20 }));
        const result = await sandbox.started;
        expect(result).toMatchObject({ outcome: 'died', step: 'wsgi' });
        if (hasCgroup || loop.startsWith('while')) expect(result).toMatchObject({ exit: { kind: 'limit', limit: 'cpu' } });
      }
    });

    test('open files are bounded', async () => {
      const sandbox = await projects.start(await projects.spec({}, { openFiles: 50 }));
      await sandbox.started;
      expect(await sandbox.run('files = [open("/dev/null") for _ in range(100)]')).toEqual({
        raised: expect.stringContaining('Too many open files'),
      });
    });
  });

  describe('nothing stays behind', () => {
    const daemon = `
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    for number in range(64):
        try: os.close(number)
        except OSError: pass
    time.sleep(600)
time.sleep(0.2)
answer = os.getpid()`;

    test('a daemon that the project left is dead after kill', async () => {
      const sandbox = await projects.start(await projects.spec());
      await sandbox.started;
      await sandbox.run(daemon);
      expect((await sandbox.processes()).length).toBeGreaterThan(1);
      await sandbox.kill();
      expect(await sandbox.processes()).toEqual([]);
      expect(await sandbox.exited).toMatchObject({ kind: 'killed' });
    });

    test('a daemon is dead when the project itself ended', async () => {
      const sandbox = await projects.start(await projects.spec({ 'tiny/wsgi.py': `${daemon}\nos._exit(7)` }));
      expect(await sandbox.started).toMatchObject({ outcome: 'died', exit: { kind: 'exited', code: 7 } });
      expect(await sandbox.processes()).toEqual([]);
    });

    test('kill works at any moment, and twice', async () => {
      for (let milliseconds = 0; milliseconds <= 120; milliseconds += 6) {
        const spec = await projects.spec();
        const sandbox = await projects.start(spec);
        await wait(milliseconds);
        await Promise.all([sandbox.kill(), sandbox.kill()]);
        expect(await sandbox.exited).toMatchObject({ kind: 'killed' });
        expect(['killed', 'serving']).toContain((await sandbox.started).outcome);
        expect([...(await sandbox.processes()), ...(await processesWith(spec.workDir))]).toEqual([]);
      }
    });
  });
});
