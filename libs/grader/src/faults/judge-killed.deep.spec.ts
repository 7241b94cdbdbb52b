import { descendants, type HostProcess, isProject } from '@assay/testing/host-processes';
import { gradeAndStrike, killAll, MOMENTS } from '../../fixtures/faults/moments';
import { GradingBench, statuses } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

const isJudge = ({ command }: HostProcess): boolean => command.includes('judge-process');

describe('the process that runs the hidden checks is killed', () => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  const expectGood = async (): Promise<void> => {
    expect([...new Set(Object.values(statuses(await bench.grade({}))))]).toEqual(['passed']);
    expect(descendants().filter(isProject)).toEqual([]);
  };

  it.each(MOMENTS)('%s', async (moment) => {
    const report = await gradeAndStrike(bench, bench.grader, bench.pack, moment, () => killAll(isJudge));
    expect(report).toMatchObject({
      outcome: 'infra_fault',
      checks: [],
      reason: { code: 'judge-failed', messageForReviewer: expect.stringContaining('SIGKILL') },
    });
    await expectGood();
  });
});
