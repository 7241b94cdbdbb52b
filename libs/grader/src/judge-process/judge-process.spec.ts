import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Courtroom } from '../../fixtures/courtroom';
import type { JudgeProcess } from './judge-process';

jest.setTimeout(60_000);

/** Real judge processes and databases; the project is an HTTP server of the spec. */
describe('hidden checks in a process of their own', () => {
  let room: Courtroom;

  beforeAll(async () => {
    room = await Courtroom.open();
  });
  afterAll(() => room.close());
  beforeEach(() => {
    room.answer = (_request, response) => response.end('[1, 2]');
  });

  const passes = 'async ({ http, expect }) => expect.same((await http.get("/")).json(), [1, 2], "list")';
  const statuses = async (run: ReturnType<Courtroom['judge']>) => (await run).checks.map(({ status }) => status);
  const isAlive = ({ pid = 0 }: JudgeProcess): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  describe('a check that misbehaves is named, and the next grade works', () => {
    afterEach(async () => {
      expect(await statuses(room.judge({ good: passes }))).toEqual(['passed']);
    });

    it.each([
      ['loops', 'async () => { for (;;); }', 'check-looped', /the check "bad" ran for more than 3 seconds without a pause/],
      ['loops through promises', 'async () => { for (;;) await null; }', 'check-looped', /the check "bad" ran for more than/],
      [
        'waits for nothing',
        'async () => new Promise(() => {})',
        'check-looped',
        /the check "bad" waits for something that never/,
      ],
      ['throws', 'async () => { null.x; }', 'check-crashed', /the check "bad" crashed: TypeError.*hidden-checks\/court\.ts/s],
      ['throws what is no error', 'async () => { throw "oops"; }', 'check-crashed', /the check "bad" crashed: oops/],
      [
        'leaves a failing promise behind',
        'async ({ http }) => { void Promise.reject(new Error("lost")); await http.get("/"); }',
        'check-crashed',
        /the check "bad" ended its process, exit code 70: Error: lost/,
      ],
      [
        'uses up its heap',
        'async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); }',
        'check-crashed',
        /the check "bad" ended its process, SIG(ABRT|TRAP).*heap/s,
      ],
      [
        'uses up memory outside its heap',
        'async ({ http }) => { const all = []; for (;;) { all.push(new Uint8Array(2e7).fill(1)); await http.get("/"); } }',
        'check-crashed',
        /the check "bad" used more than 640 MiB of memory/,
      ],
    ])('%s', async (_what, bad, code, message) => {
      const run = room.judge({ good: passes, bad, never: passes }, '', { runSeconds: 100 });
      await expect(run).rejects.toMatchObject({ name: 'InfrastructureFault', code, message: expect.stringMatching(message) });
      await expect(run).rejects.toThrow('task pack "court": ');
    });

    it('a file that loops before there is a check', async () => {
      await expect(room.judge({ good: passes }, 'for (;;);')).rejects.toMatchObject({
        code: 'check-looped',
        message: expect.stringContaining('hidden-checks/court.ts ran for more than'),
      });
    });

    it('a file that cannot be run', async () => {
      await expect(room.judge({ good: passes }, 'require("node:fs");')).rejects.toMatchObject({
        code: 'pack-broken',
        message: expect.stringContaining('require is not defined'),
      });
    });

    it.each([
      ['SIGABRT', 'check-crashed', 'the check "slow" ended its process, SIGABRT'],
      ['SIGKILL', 'judge-failed', 'the judge process ended, SIGKILL'],
    ] as const)('a process that ends by %s while a check runs: %s', async (signal, code, message) => {
      let judge: JudgeProcess | null = null;
      room.answer = (request) => request.url === '/slow' && judge?.pid && process.kill(judge.pid, signal);
      const pack = room.pack({ slow: 'async ({ http }) => void (await http.get("/slow"))' });
      const run = room.hear(pack, async (used) => {
        judge = used;
        room.answer = (request, response) =>
          request.url === '/slow' ? process.kill(used.pid ?? 0, signal) : response.end('[1, 2]');
        return room.run(used);
      });
      await expect(run).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
      room.answer = (_request, response) => response.end('[1, 2]');
    });
  });

  describe("the time of the project and the pack's own are told apart", () => {
    it('a project that never answers earns nothing, and is no loop', async () => {
      room.answer = (request, response) => (request.url === '/slow' ? undefined : response.end('[]'));
      const { checks } = await room.judge({ slow: 'async ({ http }) => void (await http.get("/slow"))' });
      expect(checks[0]).toMatchObject({
        status: 'errored',
        messageForReviewer: 'GET /slow got no answer: no complete answer within 3 seconds',
      });
    });

    it('a project that is slow throughout ends the run at a known check', async () => {
      room.answer = (_request, response) => void setTimeout(() => response.end('[1, 2]'), 400);
      const run = await room.judge({ a: passes, b: passes, c: passes, d: passes }, '', { runSeconds: 1 });
      expect(run).toMatchObject({ endedIn: 'c', checks: [{ status: 'passed' }, { status: 'passed' }] });
    });

    it('what a check computes is not the time of the project', async () => {
      const computes = `async (check) => { for (let n = 0; n < 30; n += 1) { let x = 0; for (let i = 0; i < 5e7; i += 1) x += i; } await (${passes})(check); }`;
      const run = await room.judge({ a: computes, b: passes }, '', { runSeconds: 1 });
      expect([run.endedIn, run.checks.map(({ status }) => status)]).toEqual([null, ['passed', 'passed']]);
    });

    it('a database that does not answer ends with the time of the run', async () => {
      const waits = 'async ({ database }) => void (await database.query("SELECT pg_sleep(100)"))';
      expect(await room.judge({ waits, never: passes }, '', { runSeconds: 1 })).toMatchObject({ endedIn: 'waits', checks: [] });
    });

    it('a failing request that a check does not wait for decides nothing, and does not reach into the next check', async () => {
      room.answer = (request, response) => (request.url === '/gone' ? request.destroy() : response.end('[1, 2]'));
      const careless = 'async ({ http }) => { void http.get("/gone"); void http.get("/gone"); }';
      const { checks } = await room.judge({ careless, good: passes });
      expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed']);
      expect(checks[1]?.evidence.exchanges.map(({ request }) => request.path)).toEqual(['/']);
    });
  });

  it('gives checks nothing but the language and what they are handed', async () => {
    const names = [
      'process',
      'require',
      'module',
      'fetch',
      'setTimeout',
      'setImmediate',
      'queueMicrotask',
      'WebAssembly',
      'Atomics',
    ];
    const looks = `async ({ http, expect, files }) => {
      for (const name of ${JSON.stringify([...names, 'Buffer', 'console', 'performance', 'global'])}) {
        expect.equal(typeof globalThis[name], 'undefined', name);
      }
      for (const made of [http.get.constructor, expect.constructor.constructor, files.list.constructor, (async () => {}).constructor]) {
        let reached = 'nothing';
        try { reached = made('return typeof process')(); } catch (error) { reached = error.name; }
        expect.equal(reached, 'EvalError', 'code made from text');
      }
      let loaded = 'nothing';
      try { await import('node:fs'); loaded = 'node:fs'; } catch (error) { loaded = error.name; }
      expect.equal(loaded, 'TypeError', 'a module');
    }`;
    const { checks } = await room.judge({ looks });
    expect(checks[0]?.messageForReviewer).toBe('Every expectation held.');
  });

  it('keeps no state from one grade to the next', async () => {
    const remembers =
      'async ({ expect }) => expect.equal(++seen + (globalThis.met = (globalThis.met ?? 0) + 1), 2, "first time")';
    const pack = room.pack({ remembers }, 'let seen = 0;');
    const used = new Set<number | undefined>();
    for (let times = 0; times < 2; times += 1) {
      const run = await room.hear(pack, async (judge) => {
        used.add(judge.pid);
        return room.run(judge);
      });
      expect(run.checks[0]?.messageForReviewer).toBe('Every expectation held.');
    }
    expect(used.size).toBe(1);
  });

  it('runs two grades at once in two processes, and uses both again', async () => {
    const used: number[] = [];
    const pack = room.pack({ good: passes });
    const grade = () =>
      room.hear(pack, async (judge) => {
        used.push(judge.pid ?? 0);
        return room.run(judge);
      });
    for (let times = 0; times < 2; times += 1) {
      const runs = await Promise.all([grade(), grade()]);
      expect(runs.map(({ checks }) => checks[0]?.status)).toEqual(['passed', 'passed']);
    }
    expect(new Set(used.slice(0, 2)).size).toBe(2);
    expect(new Set(used).size).toBe(2);
  });

  it('holds nothing of its parent: no variable, no descriptor, no file', async () => {
    process.env.JUDGE_SPEC_SECRET = 'not for checks';
    const secret = path.join(room.folder, '..', path.basename(room.folder), 'secret.txt');
    await writeFile(secret, 'secret');
    const descriptor = openSync(secret, 'r');
    const judge = room.judges.take();
    await room.hear(
      room.pack({ good: passes }),
      async () => {
        expect(descriptor).toBeGreaterThan(2);
        const environment = (await readFile(`/proc/${judge.pid}/environ`, 'utf8')).split('\0').filter(Boolean);
        expect(environment.map((line) => line.split('=')[0]).sort()).toEqual([
          'NODE_CHANNEL_FD',
          'NODE_CHANNEL_SERIALIZATION_MODE',
        ]);
        const descriptors = await readdir(`/proc/${judge.pid}/fd`);
        const open = await Promise.all(descriptors.map((fd) => readlink(`/proc/${judge.pid}/fd/${fd}`).catch(() => 'closed')));
        expect(
          open.filter((target) => !/^(anon_inode:.*|pipe:.*|socket:.*|closed|\/dev\/(null|urandom|random))$/.test(target)),
        ).toEqual([]);
        // Standard error and the channel, the session, the proxy that listens; nothing of the parent's.
        expect(open.filter((target) => target.startsWith('socket:')).length).toBeLessThanOrEqual(4);
        expect(await readlink(`/proc/${judge.pid}/cwd`)).toBe('/');
      },
      judge,
    );
  });

  it('is replaced when it was killed while idle', async () => {
    const judge = room.judges.take();
    await room.judges.giveBack(judge);
    process.kill(judge.pid ?? 0, 'SIGKILL');
    for (let tries = 0; tries < 250 && judge.isUsable; tries += 1) await sleep(20);
    expect(await statuses(room.judge({ good: passes }))).toEqual(['passed']);
  });

  it('ends when its parent is killed, even if it could not notice', async () => {
    const compiled = path.join(__dirname, '..', '..', 'dist', 'judge-process', 'judge-process.js');
    const script = `const { JudgeProcess } = require(${JSON.stringify(compiled)});
      const judge = new JudgeProcess('/usr/bin/python3', []); console.log(judge.pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    const name = () => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    for (let tries = 0; tries < 250 && !(await name()).startsWith(process.execPath); tries += 1) await sleep(20);
    expect(isAlive({ pid } as JudgeProcess)).toBe(true);
    process.kill(pid, 'SIGSTOP');
    parent.kill('SIGKILL');
    for (let tries = 0; tries < 250 && isAlive({ pid } as JudgeProcess); tries += 1) await sleep(20);
    expect(isAlive({ pid } as JudgeProcess)).toBe(false);
  });
});
