import { descendants, type HostProcess, isProject } from '@assay/testing/host-processes';
import { waitFor } from '@assay/testing/wait-for';
import { gradeAndStrike, killAll } from '../../fixtures/faults/moments';
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

  // Every moment: judge-killed.deep.spec.ts.
  it.each(['while it starts', 'in the middle of a check'] as const)('%s', async (moment) => {
    const report = await gradeAndStrike(bench, bench.grader, bench.pack, moment, () => killAll(isJudge));
    expect(report).toMatchObject({
      outcome: 'infra_fault',
      checks: [],
      reason: { code: 'judge-failed', messageForReviewer: expect.stringContaining('SIGKILL') },
    });
    await expectGood();
  });

  it('while it waits for the next grade, which then has another', async () => {
    await bench.grade({});
    await killAll(isJudge);
    // On a busy machine a process that was killed takes a moment to be gone.
    await waitFor(() => !descendants().some(isJudge), { everyMs: 5, what: 'the end of the process that was killed' });
    await expectGood();
  });
});
