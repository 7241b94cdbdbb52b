import { randomBytes } from 'node:crypto';
import { DRIVER_NAMES } from '../../fixtures/faults/drivers';
import { GradingProcess } from '../../fixtures/faults/grading-process';
import { GROWING } from '../../fixtures/faults/growing-project';
import { MemoryGroup } from '../../fixtures/faults/memory-group';
import { GradingBench, statuses, TINY_NOTES } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

const MIB = 2 ** 20;
describe.each(DRIVER_NAMES)('memory that others use up, on %s', (driver) => {
  let bench: GradingBench;

  beforeAll(async () => {
    bench = await GradingBench.open();
  }, 600_000);
  afterAll(() => bench.close());

  it('a container that is full: the sandbox goes first, the judge stays, and the project is not to blame', async () => {
    const group = await MemoryGroup.create(`assay-spec-${randomBytes(4).toString('hex')}`);
    // Groups of version 2 with processes can have no children: there, a container is a machine of its own.
    if (group === null) return;
    const judge = await GradingProcess.open({ driver, pack: TINY_NOTES, workRoot: bench.workRoot }, {}, group.wrapper);
    try {
      let isSqueezed = false;
      const report = await judge.grade(await bench.project(GROWING), {
        onPhase: ({ phase }) => {
          if (phase !== 'checking' || isSqueezed) return;
          isSqueezed = true;
          group.squeeze(20 * MIB);
        },
      });
      expect(isSqueezed).toBe(true);
      expect(report).toMatchObject({ outcome: 'infra_fault', checks: [] });
      group.release();
      const next = await judge.grade(await bench.project({}));
      expect([next.reason, ...new Set(Object.values(statuses(next)))]).toEqual([null, 'passed']);
    } finally {
      await judge.close();
      group.remove();
    }
  });
});
