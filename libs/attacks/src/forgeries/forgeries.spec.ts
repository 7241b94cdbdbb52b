import { BUILD_TIMEOUT, sharedRuntime } from '@assay/sandbox/testing/tiny-project';
import { runAttacks } from '../run-attacks';
import { FORGERY_GROUPS, forgeries } from './forgeries';

/** One or two of each theme, in seconds, on the default driver; all of them on all drivers are in all-attacks.deep.spec.ts. */
const QUICK = [
  'exit-hook',
  'results-on-stdout',
  'patched-queries',
  'object-with-a-length',
  'table-of-answers',
  'search-objects',
  'body-without-end',
  'deeply-nested-list',
  'rows-of-nulls',
  'become-superuser',
  'other-user-in-startup',
  'several-statements-in-one',
  'traces-in-the-judges-session',
  'archive-folder-behind-link',
  'changed-settings',
];

test('every theme has attacks, and the quick ones are among them', () => {
  expect(FORGERY_GROUPS.filter(({ attacks }) => attacks.length === 0)).toEqual([]);
  expect(QUICK.filter((id) => !forgeries.some((attack) => attack.id === id))).toEqual([]);
});

test(
  'forgeries of every theme hold, and succeed before a judge that lacks what stops them',
  async () => {
    const attacks = forgeries.filter(({ id }) => QUICK.includes(id));
    const { results, errors } = await runAttacks({ attacks, drivers: ['zygote'], runtime: await sharedRuntime() });
    expect(errors).toEqual([]);
    const wrong = results.filter(({ guarded, proof }) => guarded.outcome !== 'held' || proof?.outcome !== 'breached');
    expect(wrong).toEqual([]);
    expect(results).toHaveLength(QUICK.length);
  },
  BUILD_TIMEOUT,
);
