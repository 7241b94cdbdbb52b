import { existsSync } from 'node:fs';
import path from 'node:path';
import { sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import type { Attack, Layer, Observation } from './attack';
import { isPassed } from './command';
import type { AttackReport } from './results';
import { runAttacks } from './run-attacks';
import type { Stage } from './stage';

/** The runner on attacks of a few lines; real ones are in quick-attacks.spec.ts. */
const attack = (
  attempt: (stage: Stage, without: readonly Layer[]) => Promise<Observation>,
  more: Partial<Attack> = {},
): Attack => ({
  id: 'an-attack',
  title: 'An attack',
  breach: 'It breaches.',
  layers: ['root'],
  residual: null,
  runs: 'each',
  attempt,
  ...more,
});
const saw = (breached: boolean): Observation => ({ breached, seen: breached ? 'through' : 'stopped' });
const run = async (attacks: readonly Attack[], drivers: readonly string[] = ['bubblewrap']): Promise<AttackReport> =>
  runAttacks({ attacks, drivers, runtime: await sharedRuntime() });

test('an attack that holds, and breaches without its layer, is proven', async () => {
  const report = await run([attack(async (_stage, without) => saw(without.includes('root')))]);
  expect(report).toMatchObject({ cases: 1, drivers: ['bubblewrap'], breaches: 0, proven: 1, errors: [] });
  expect(isPassed(report)).toBe(true);
});

test('one that breaches with every layer on is a breach, and not proven', async () => {
  const report = await run([attack(async () => saw(true))]);
  expect(report).toMatchObject({ breaches: 1, proven: 0 });
  expect(isPassed(report)).toBe(false);
});

test('one that never breaches proves nothing', async () => {
  const report = await run([attack(async () => saw(false))]);
  expect(report).toMatchObject({ breaches: 0, proven: 0 });
  expect(isPassed(report)).toBe(false);
});

test('one that cannot be tried is neither held nor breached', async () => {
  const report = await run([
    attack(async (_stage, without) => {
      if (without.length === 0) throw new Error('the canary is missing');
      return saw(true);
    }),
  ]);
  expect(report).toMatchObject({ breaches: 0, proven: 0, errors: ['an-attack on bubblewrap, guarded: the canary is missing'] });
  expect(isPassed(report)).toBe(false);
});

test('no attack at all is no success', async () => {
  expect(isPassed(await run([]))).toBe(false);
});

test('an attempt without end is ended, told so, and cleaned up', async () => {
  const folders: string[] = [];
  let isAborted = false;
  const report = await run([
    attack(
      async (stage) => {
        folders.push(await stage.folder());
        stage.signal.addEventListener('abort', () => {
          isAborted = true;
        });
        return new Promise(() => undefined);
      },
      { seconds: 0.2 },
    ),
  ]);
  expect(report.errors).toEqual([
    'an-attack on bubblewrap, guarded: not done after 0.2 s',
    'an-attack on bubblewrap, proof: not done after 0.2 s',
  ]);
  expect(isAborted).toBe(true);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
});

test('what was deferred runs newest first, all of it, and a failure is told', async () => {
  const order: string[] = [];
  const report = await run([
    attack(async (stage, without) => {
      stage.defer(() => order.push('first'));
      stage.defer(() => Promise.reject(new Error('stuck')));
      stage.defer(() => order.push('last'));
      return saw(without.length > 0);
    }),
  ]);
  expect(order).toEqual(['last', 'first', 'last', 'first']);
  expect(report.errors[0]).toContain('Could not clean up: stuck');
  expect(report.proven).toBe(0);
});

test('what is shared is opened once for all attempts, again after a failure, and closed at the end', async () => {
  let [opened, closed] = [0, 0];
  const report = await run([
    attack(async (stage, without) => {
      await stage.shared('server', async (things) => {
        opened += 1;
        if (opened === 1) throw new Error('not yet');
        things.defer(() => {
          closed += 1;
        });
      });
      return saw(without.length > 0);
    }),
    attack(async (stage, without) => {
      await stage.shared('server', () => Promise.reject(new Error('a second one')));
      return saw(without.length > 0);
    }),
  ]);
  expect([opened, closed]).toEqual([2, 1]);
  expect(report.errors).toEqual(['an-attack on bubblewrap, guarded: not yet']);
});

test('a proof that a driver cannot give is left out with its reason, and one without any proof is not proven', async () => {
  const breaches = async (_stage: Stage, without: readonly Layer[]): Promise<Observation> => saw(without.length > 0);
  const elsewhere = attack(breaches, { proofOn: { drivers: ['another'], why: 'it has no such layer' } });
  const report = await run([elsewhere]);
  expect(report.results[0]).toMatchObject({ proof: null, noProof: 'it has no such layer' });
  expect(report).toMatchObject({ breaches: 0, proven: 0 });
});

test('an attack in which no sandbox takes part runs once', async () => {
  const report = await run(
    [attack(async (_stage, without) => saw(without.length > 0), { runs: 'once' })],
    ['bubblewrap', 'bubblewrap'],
  );
  expect(report.results).toHaveLength(1);
  expect(report.results[0]?.driver).toBeNull();
  expect(report.proven).toBe(1);
});

test('a run that is stopped cleans up and gives no result', async () => {
  const stop = new AbortController();
  let folder = '';
  const waiting = attack(async (stage) => {
    folder = await stage.folder();
    stop.abort(new Error('Stopped.'));
    return new Promise(() => undefined);
  });
  const running = runAttacks({
    attacks: [waiting, waiting],
    drivers: ['bubblewrap'],
    runtime: await sharedRuntime(),
    signal: stop.signal,
  });
  await expect(running).rejects.toThrow('Stopped.');
  expect([folder === '', existsSync(folder), existsSync(path.dirname(folder))]).toEqual([false, false, false]);
});
