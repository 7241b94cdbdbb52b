import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import type { SandboxDriver } from '@assay/sandbox/sandbox';
import { ZygoteDriver } from '@assay/sandbox/zygote';
import { type Changes, GradingBench, TINY_TOOLS, withChecks, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(180_000);

const DRIVERS: readonly (readonly [string, (workRoot: string) => SandboxDriver])[] = [
  ['zygote', (workRoot) => new ZygoteDriver({ workRoot })],
  ['bubblewrap', () => new BubblewrapDriver()],
];
const REPORTED = 'e5-errors-are-reported';
const SCRUBBED = 'e5-reports-are-scrubbed';

describe.each(DRIVERS)('monitoring with the driver %s', (_name, makeDriver) => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open(TINY_TOOLS, makeDriver);
  }, 600_000);
  afterAll(() => bench.close());

  /** Check id -> message, of those that failed. */
  async function failures(changes: Changes): Promise<Record<string, string>> {
    const report = await bench.grade(changes, { pack: withChecks(bench.pack, REPORTED, SCRUBBED) });
    expect(report).toMatchObject({ outcome: 'graded', reason: null });
    const failed = report.checks.filter(({ status }) => status !== 'passed');
    return Object.fromEntries(failed.map(({ id, messageForReviewer }) => [id, messageForReviewer]));
  }

  it('hears of an error with its release and without personal data, the same twice', async () => {
    const pack = withChecks(bench.pack, REPORTED, SCRUBBED);
    const [first, second] = [await bench.grade({}, { pack }), await bench.grade({}, { pack })];
    expect(first).toMatchObject({ outcome: 'graded', reason: null });
    expect(first.checks.map(({ status, messageForReviewer }) => [status, messageForReviewer])).toEqual([
      ['passed', 'Every expectation held.'],
      ['passed', 'Every expectation held.'],
    ]);
    expect(withoutTimings(second)).toBe(withoutTimings(first));
    expect(first.checks[0]?.evidence.records.map(({ title, text }) => [title, text])).toEqual([
      ['0 events arrived', ''],
      ['1 events arrived', 'error ZeroDivisionError: division by zero (release till@1.4.2, environment production)'],
    ]);
  });

  it('finds personal data that a project leaves in', async () => {
    const failed = await failures({ 'till/reporting.py': 'def scrub(event, hint):\n    return event\n' });
    expect(Object.keys(failed)).toEqual([SCRUBBED]);
    expect(failed[SCRUBBED]).toContain('hedda.quist@mail.example');
  });

  it('hears nothing of a project that reports nothing', async () => {
    const failed = await failures({ 'till/reporting.py': 'def scrub(event, hint):\n    return None\n' });
    expect(failed).toEqual({
      [REPORTED]: 'the exception that was reported: expected "ZeroDivisionError", got nothing',
      [SCRUBBED]: 'events: expected 1, got 0',
    });
  });
});
