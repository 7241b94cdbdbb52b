import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { Logger } from '@nestjs/common';
import { ThreadPool, type ThreadPoolOptions } from './thread-pool';

// A body that does what its task says, so that every way in which a thread ends can be had.
const BODY = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (task) => {
    if (task.exit !== undefined) process.exit(task.exit);
    if (task.mistake) null.field;
    if (task.fill) { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); }
    if (task.refuse) return parentPort.postMessage({ kind: 'refused', problems: [{ path: 'a', message: 'is wrong.' }] });
    if (task.progress) parentPort.postMessage({ kind: 'progress', share: 0.5 });
    if (task.environment) return parentPort.postMessage({ kind: 'done', result: { ...process.env } });
    if (!task.hang) parentPort.postMessage({ kind: 'done', result: task });
  });
`;

let folder: string;
let entry: string;
const pools: ThreadPool[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  folder = await mkdtemp(path.join(tmpdir(), 'assay-threads-'));
  entry = path.join(folder, 'body.cjs');
  await writeFile(entry, BODY);
});
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.stop())));
afterAll(() => rm(folder, { recursive: true, force: true }));

function open(options: Partial<ThreadPoolOptions> = {}): ThreadPool {
  const pool = new ThreadPool({ entry, threads: 1, waiting: 4, seconds: 30, ...options });
  pools.push(pool);
  return pool;
}

const TASK = { some: 'task' };
const UNAVAILABLE = { code: 'unavailable' };

it('gives back what the body answers, and tells progress', async () => {
  const shares: number[] = [];
  const result = await open().run({ ...TASK, progress: true }, { onProgress: (share) => shares.push(share) });
  expect(result).toEqual({ ...TASK, progress: true });
  expect(shares).toEqual([0, 0.5]);
});

it('gives nothing of the environment to a thread', async () => {
  expect(await open().run({ environment: true })).toEqual({});
});

it('tells what the body refuses', async () => {
  const refused: unknown = await open()
    .run({ refuse: true })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(EstimateInputError);
  expect(refused).toMatchObject({ problems: [{ path: 'a', message: 'is wrong.' }] });
});

it.each<[string, object]>([
  ['ends itself with success', { exit: 0 }],
  ['ends itself with an error', { exit: 3 }],
  ['uses up its memory', { fill: true }],
])('a thread that %s is a passing fault of ours, and those that wait get another one', async (_, task) => {
  const pool = open();
  const [broken, next] = [pool.run(task), pool.run(TASK)];
  await expect(broken).rejects.toMatchObject(UNAVAILABLE);
  expect(await next).toEqual(TASK);
});

it('a mistake in the body is told as such, for it would happen again', async () => {
  const pool = open();
  const [broken, next] = [pool.run({ mistake: true }), pool.run(TASK)];
  await expect(broken).rejects.toMatchObject({ name: 'TypeError' });
  expect(await next).toEqual(TASK);
});

it('a body that is not there lets nobody wait', async () => {
  const pool = open({ entry: path.join(folder, 'nothing.cjs') });
  const [first, second] = [pool.run(TASK), pool.run(TASK)];
  await expect(first).rejects.toThrow('Cannot find module');
  await expect(second).rejects.toThrow('Cannot find module');
});

it('gives up what takes too long, and goes on', async () => {
  const pool = open({ seconds: 1 });
  const [slow, next] = [pool.run({ hang: true }), pool.run(TASK)];
  await expect(slow).rejects.toMatchObject({ ...UNAVAILABLE, detail: expect.stringContaining('within 1 s') });
  expect(await next).toEqual(TASK);
});

it('lets those go on who wait behind one that was cancelled', async () => {
  const pool = open();
  const hangUp = new AbortController();
  const cancelled = pool.run({ hang: true }, { signal: hangUp.signal });
  const waiting = [pool.run(TASK), pool.run(TASK)];
  hangUp.abort();
  await expect(cancelled).rejects.toMatchObject(UNAVAILABLE);
  expect(await Promise.all(waiting)).toEqual([TASK, TASK]);
});

it('lets nobody wait where nobody may', async () => {
  const pool = open({ waiting: 0 });
  const hangUp = new AbortController();
  const running = pool.run({ hang: true }, { signal: hangUp.signal });
  await expect(pool.run(TASK)).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterSeconds: expect.any(Number) });
  hangUp.abort();
  await expect(running).rejects.toMatchObject(UNAVAILABLE);
});
