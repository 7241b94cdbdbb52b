import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { FairTimer, type ProcessorUse, type TimeUp, waitOf } from './fair-timer';
import { readProcessorUse } from './judge-process/processor-use';

describe('what the machine is to answer for', () => {
  const use = (usedMs: number, ...waits: number[]): ProcessorUse => ({
    usedMs,
    waitedMs: Object.fromEntries(waits.map((waited, index) => [index, waited])),
  });

  it.each([
    ['a project that computes', use(900, 10), 10],
    ['a project that sleeps', use(0, 0), 0],
    ['a project without a processor', use(100, 880), 880],
    ['the longest wait of several processes, not their sum', use(50, 300, 500), 500],
    ['a project whose own processes are in its way', use(990, 950, 950, 950), 10],
    ['a project that uses several processors', use(1_900, 400, 400), 0],
  ])('%s', (_what, now, expected) => {
    expect(waitOf(use(0), now, 1_000)).toBe(expected);
  });

  it('counts from the first look on, for processes that came later from their beginning', () => {
    expect(waitOf({ usedMs: 100, waitedMs: { a: 50 } }, { usedMs: 200, waitedMs: { a: 60, b: 30 } }, 1_000)).toBe(30);
  });
});

/** Real processes on a machine with too much to do. */
describe('a fair timer', () => {
  jest.setTimeout(60_000);
  const children: ChildProcess[] = [];
  const node = (script: string): ChildProcess => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
    }
  });

  /** Starts a process among many that want a processor, and waits until it printed again. */
  async function time(script: string, limitMs: number): Promise<TimeUp | 'done'> {
    const project = node(`process.stdout.write('ready'); setTimeout(() => { ${script}; process.stdout.write('done'); }, 100)`);
    await once(project.stdout as NodeJS.ReadableStream, 'data');
    for (const _ of os.cpus()) for (let times = 0; times < 3; times += 1) node('for (;;);');
    return new Promise((resolve) => {
      const timer = new FairTimer(limitMs, () => readProcessorUse([project.pid ?? 0]), resolve);
      project.stdout?.once('data', () => {
        timer.stop();
        resolve('done');
      });
      timer.resume();
    });
  }
  const compute = (ms: number) => `const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
    const end = used() + ${ms * 1000}; while (used() < end) for (let n = 0, x = 0; n < 1e6; n += 1) x += n`;

  it('waits for a project that gets too little of a processor', async () => {
    const begin = performance.now();
    expect(await time(compute(350), 1_000)).toBe('done');
    // Otherwise the machine was not busy and nothing was shown.
    expect(performance.now() - begin).toBeGreaterThan(1_000);
  });

  it('ends a project that computes for too long, or sleeps, at its limit', async () => {
    expect(await time(compute(60_000), 700)).toBe('over');
    const begin = performance.now();
    expect(await time('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)', 1_000)).toBe('over');
    expect(performance.now() - begin).toBeLessThan(6_000);
  });

  it('says when it cannot tell any more', async () => {
    const project = { usedMs: 0, waitedMs: { a: 0 } };
    const begin = performance.now();
    const how = await new Promise((resolve) => {
      const sample = () => Promise.resolve({ ...project, waitedMs: { a: performance.now() - begin } });
      new FairTimer(200, sample, resolve, 500).resume();
    });
    expect(how).toBe('overloaded');
  });

  it('stands still while it is paused, and never fires when it was stopped', async () => {
    const fired: TimeUp[] = [];
    const timer = new FairTimer(
      150,
      () => Promise.resolve(null),
      (how) => fired.push(how),
    );
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    timer.resume();
    await wait(50);
    timer.pause();
    await wait(250);
    expect(fired).toEqual([]);
    timer.resume();
    await wait(300);
    expect(fired).toEqual(['over']);
    const stopped = new FairTimer(
      20,
      () => Promise.resolve(null),
      (how) => fired.push(how),
    );
    stopped.resume();
    stopped.stop();
    await wait(100);
    expect(fired).toEqual(['over']);
  });
});
