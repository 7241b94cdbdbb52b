import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BUILD_TIMEOUT, sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import { ATTACKS } from './catalogue';
import { DRIVER_NAMES } from './drivers';
import { startHostile } from './hostile-project';
import { RealStage, SharedThings } from './real-stage';
import { runAttacks } from './run-attacks';

/** One of each kind, in seconds; all of them are in all-attacks.deep.spec.ts. */
const QUICK = [
  'read-judge-file',
  'write-project',
  'nested-user-namespace',
  'kill-process',
  'reach-loopback',
  'daemon',
  'file-for-the-next',
];

test(
  'some attacks hold on every driver, and breach without what stops them',
  async () => {
    const attacks = ATTACKS.filter(({ id }) => QUICK.includes(id));
    const { results, errors, ...counts } = await runAttacks({ attacks, drivers: DRIVER_NAMES, runtime: await sharedRuntime() });
    expect(errors).toEqual([]);
    expect(results.filter(({ guarded, proof }) => guarded.outcome !== 'held' || (proof && proof.outcome !== 'breached'))).toEqual(
      [],
    );
    expect(counts).toEqual({ cases: QUICK.length, drivers: DRIVER_NAMES, breaches: 0, proven: QUICK.length });
  },
  BUILD_TIMEOUT,
);

test('a zygote is attacked where it shares most: warmed with the starter of the project', async () => {
  const workRoot = await mkdtemp(path.join(os.tmpdir(), 'assay-attacks-'));
  const runtime = await sharedRuntime();
  const things = new SharedThings(runtime, 'zygote', workRoot);
  const stage = new RealStage(runtime, 'zygote', workRoot, things);
  try {
    const { sandbox } = await startHostile(stage, stage.driver());
    expect(sandbox.startedFrom).toBe('deep');
  } finally {
    await stage.end();
    await things.end();
    await rm(workRoot, { recursive: true, force: true });
  }
});
