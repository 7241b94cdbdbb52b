import type { Worker } from 'node:worker_threads';
import { parseSituation } from '@assay/cost-model/advice';
import { DOLLAR } from '@assay/cost-model/currency';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { explainDifference } from '@assay/cost-model/explain-difference';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { parseProject } from '@assay/cost-model/project';
import { reportEstimate } from '@assay/cost-model/report-estimate';
import { waitFor } from '@assay/testing/wait-for';
import { Logger } from '@nestjs/common';
import type { Config } from '../config';
import { type SimulationListener, SimulationThreads } from './simulation-threads';

// Real threads, and simulations that are long because they have a million draws.
const QUICK = 1_000;
const LONG = 1_000_000;

beforeAll(() => Logger.overrideLogger(false));

const opened: SimulationThreads[] = [];

function open(config: Partial<Config> = {}): SimulationThreads {
  const bounds = { simulationThreads: 1, simulationsWaiting: 2, simulationSeconds: 60, ...config };
  const threads = new SimulationThreads(bounds as Config);
  opened.push(threads);
  return threads;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((threads) => threads.beforeApplicationShutdown()));
});

function input(draws: number, hours = 2700): EstimateInput {
  return {
    need: null,
    project: parseProject({ hours, seats: 3 }),
    situation: parseSituation({}),
    frameworkNeed: null,
    assumptions: DEFAULT_ASSUMPTIONS,
    exchangeRate: DOLLAR,
    simulation: { draws, seed: 1 },
  };
}

/** The threads that there are now, ended or not. */
function workersOf(threads: SimulationThreads): Worker[] {
  const { pool } = threads as unknown as { pool: { threads: Set<{ worker: Worker }> } };
  return [...pool.threads].map(({ worker }) => worker);
}

/** Begins a long simulation; `begun` resolves once a thread works on it. */
function beginLong(
  threads: SimulationThreads,
  listener: SimulationListener = {},
): { begun: Promise<void>; report: Promise<unknown> } {
  let report: Promise<unknown> = Promise.resolve();
  const begun = new Promise<void>((resolve, reject) => {
    report = threads.report(input(LONG), { ...listener, onProgress: (share) => share > 0 && resolve() });
    report.catch(reject);
  });
  return { begun, report };
}

const UNAVAILABLE = { code: 'unavailable' };

it('reports to the last digit what the model reports, and how far it is', async () => {
  const shares: number[] = [];
  const report = await open().report(input(20_000), { onProgress: (share) => shares.push(share) });
  expect(report).toEqual(reportEstimate(input(20_000)));
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});

it('tells what cannot be estimated with, and goes on', async () => {
  const threads = open();
  const refused: unknown = await threads.report(input(QUICK, 1e9)).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(EstimateInputError);
  expect(refused).toMatchObject({ problems: [expect.objectContaining({ path: 'project' })] });
  const [worker] = workersOf(threads);
  await threads.report(input(QUICK));
  expect(workersOf(threads)).toEqual([worker]);
});

it('explains why two estimates differ as the model does', async () => {
  const threads = open();
  const [before, after] = [
    { input: input(QUICK), told: null },
    { input: input(QUICK, 3000), told: null },
  ];
  expect(await threads.explain(before, after)).toEqual(explainDifference(before, after));
});

it('leaves the event loop free', async () => {
  const done: string[] = [];
  const { begun, report } = beginLong(open());
  const ended = report.then(() => done.push('simulation'));
  await begun;
  await new Promise((resolve) => setImmediate(resolve)).then(() => done.push('turn'));
  await ended;
  expect(done).toEqual(['turn', 'simulation']);
});

it('has no more threads than it may, and lets no more wait than may wait', async () => {
  const threads = open({ simulationsWaiting: 1 });
  const { begun, report } = beginLong(threads);
  await begun;
  const waiting = threads.report(input(QUICK));
  await expect(threads.report(input(QUICK))).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterSeconds: expect.any(Number) });
  expect(workersOf(threads)).toHaveLength(1);
  await Promise.all([report, waiting]);
  await threads.report(input(QUICK));
});

it('leaves half of the places to wait to others', async () => {
  const threads = open({ simulationsWaiting: 3 });
  const { begun, report } = beginLong(threads, { owner: 'one' });
  await begun;
  const waiting = ['one', 'one', 'other'].map((owner) => threads.report(input(QUICK), { owner }));
  await expect(threads.report(input(QUICK), { owner: 'another' })).rejects.toMatchObject(UNAVAILABLE);
  await Promise.all([report, ...waiting]);
  const { begun: again } = beginLong(threads, { owner: 'one' });
  await again;
  const own = [1, 2, 3].map(() => threads.report(input(QUICK), { owner: 'one' }));
  await expect(own[2]).rejects.toMatchObject(UNAVAILABLE);
  await Promise.all([...own.slice(0, 2), threads.report(input(QUICK), { owner: 'other' })]);
});

it('works on as many at a time as it may', async () => {
  const threads = open({ simulationThreads: 2 });
  const [first, second] = [beginLong(threads), beginLong(threads)];
  await Promise.all([first.begun, second.begun]);
  expect(workersOf(threads)).toHaveLength(2);
});

it('ends what nobody waits for any more, and takes the next one', async () => {
  const threads = open();
  const hangUp = new AbortController();
  const { begun, report } = beginLong(threads, { signal: hangUp.signal });
  await begun;
  const [worker] = workersOf(threads);
  const next = threads.report(input(QUICK));
  hangUp.abort();
  await expect(report).rejects.toMatchObject(UNAVAILABLE);
  await next;
  expect(worker?.threadId).toBe(-1);
  expect(workersOf(threads)).not.toContain(worker);
});

it('forgets what waits and nobody waits for any more', async () => {
  const threads = open({ simulationsWaiting: 1 });
  const { begun, report } = beginLong(threads);
  await begun;
  const hangUp = new AbortController();
  const given = threads.report(input(LONG), { signal: hangUp.signal });
  hangUp.abort();
  await expect(given).rejects.toMatchObject(UNAVAILABLE);
  await expect(threads.report(input(LONG), { signal: hangUp.signal })).rejects.toMatchObject(UNAVAILABLE);
  await Promise.all([report, threads.report(input(QUICK))]);
});

it('gives up what takes too long', async () => {
  const threads = open({ simulationSeconds: 0.05 });
  await expect(threads.report(input(LONG))).rejects.toMatchObject({
    ...UNAVAILABLE,
    detail: expect.stringContaining('0.05 s'),
  });
  await waitFor(() => workersOf(threads).length === 0);
});

it('replaces a thread that dies and answers for it', async () => {
  const threads = open();
  const { begun, report } = beginLong(threads);
  await begun;
  const next = threads.report(input(QUICK));
  await workersOf(threads)[0]?.terminate();
  await expect(report).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterSeconds: expect.any(Number) });
  await next;
});

it('outlives nothing: stopped, it has no thread left and takes nothing', async () => {
  const threads = open();
  const { begun, report } = beginLong(threads);
  await begun;
  const waiting = threads.report(input(QUICK));
  const refused = Promise.all([
    expect(report).rejects.toMatchObject(UNAVAILABLE),
    expect(waiting).rejects.toMatchObject(UNAVAILABLE),
  ]);
  const workers = workersOf(threads);
  await threads.beforeApplicationShutdown();
  expect(workers.map(({ threadId }) => threadId)).toEqual([-1]);
  await refused;
  await expect(threads.report(input(QUICK))).rejects.toMatchObject(UNAVAILABLE);
  expect(workersOf(threads)).toEqual([]);
});
