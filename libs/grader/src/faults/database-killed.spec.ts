import { descendants, isProject } from '@assay/testing/host-processes';
import { AT_ITS_DATABASE, DATABASE_PROCESSES } from '../../fixtures/faults/database-processes';
import { gradeAndStrike, killAll, type Moment } from '../../fixtures/faults/moments';
import { GradingBench, statuses } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

type Lost = keyof typeof DATABASE_PROCESSES;

/** The rest of them: database-killed.deep.spec.ts. */
const CASES: readonly [Lost, Moment][] = [
  ['the server', 'in the last check'],
  ["the project's session", 'in the last check'],
];

describe('a process of the grading database is killed', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  const expectGood = async (): Promise<void> => {
    const report = await bench.grade({});
    expect([report.reason, ...new Set(Object.values(statuses(report)))]).toEqual([null, 'passed']);
    expect(descendants().filter(isProject)).toEqual([]);
  };

  it.each(CASES)('%s, %s', async (lost, moment) => {
    const strike = () => killAll(DATABASE_PROCESSES[lost]);
    const changes = lost === "the project's session" ? AT_ITS_DATABASE : undefined;
    const report = await gradeAndStrike(bench, bench.grader, bench.pack, moment, strike, changes);
    expect(report).toMatchObject({
      outcome: 'infra_fault',
      checks: [],
      reason: { code: 'grading-database-failed', messageForReviewer: expect.stringMatching(/database|connection|server/i) },
    });
    await expectGood();
  });

  it('while nothing is graded: the next grade has another server', async () => {
    await bench.grade({});
    await killAll(DATABASE_PROCESSES['the server']);
    await expectGood();
  });
});
