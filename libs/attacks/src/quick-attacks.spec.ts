import { BUILD_TIMEOUT, sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import { ATTACKS } from './catalogue';
import { DRIVER_NAMES } from './drivers';
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
    expect(results.filter(({ guarded, proof }) => guarded.outcome !== 'held' || proof?.outcome !== 'breached')).toEqual([]);
    expect(counts).toEqual({ cases: QUICK.length, drivers: DRIVER_NAMES, breaches: 0, proven: QUICK.length });
  },
  BUILD_TIMEOUT,
);
