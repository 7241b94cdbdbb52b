import { sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import { ATTACKS } from './catalogue';
import { DRIVER_NAMES } from './drivers';
import { runAttacks } from './run-attacks';

/** An ordinary user has fewer walls, and cannot take all of them away: see docs/SECURITY.md. */
const isRoot = process.getuid?.() === 0;

(isRoot ? test : test.skip)(
  'every attack holds on every driver, and every one is proven',
  async () => {
    const report = await runAttacks({
      attacks: ATTACKS,
      drivers: DRIVER_NAMES,
      runtime: await sharedRuntime(),
      onProgress: (line) => process.stderr.write(`${line}\n`),
    });
    expect(report.errors).toEqual([]);
    const failed = report.results.filter(
      ({ guarded, proof }) => guarded.outcome !== 'held' || (proof && proof.outcome !== 'breached'),
    );
    expect(failed).toEqual([]);
    expect(report).toMatchObject({ cases: ATTACKS.length, breaches: 0, proven: ATTACKS.length });
  },
  60 * 60_000,
);
