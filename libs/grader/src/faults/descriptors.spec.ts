import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { GradingReport } from '@assay/contracts/grading-report';
import { descendantsOf } from '@assay/testing/host-processes';
import { GradingProcess } from '../../fixtures/faults/grading-process';
import { GradingBench, statuses, TINY_NOTES } from '../../fixtures/grading-bench';

jest.setTimeout(30_000);

const canLimit = spawnSync('prlimit', ['--version']).status === 0;
const itLimits = canLimit ? it : it.skip;
const title = (text: string): string => (canLimit ? text : `${text} (skipped: there is no prlimit)`);

/** The soft limit of descriptors of a process: so many more than it has, or (null) what it may have at most. */
function allowDescriptors(pid: number, more: number | null): void {
  const most = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  const used = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  // The limit is a number that no new descriptor may reach, and new ones take the lowest that is free.
  let limit = 0;
  for (let free = 0; more !== null && (free < more || used.has(limit)); limit += 1) if (!used.has(limit)) free += 1;
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${more === null ? most : limit}:`]);
}

describe('descriptors are used up', () => {
  let bench: GradingBench;
  let judge: GradingProcess;
  let folder: string;

  beforeAll(async () => {
    bench = await GradingBench.open();
    judge = await GradingProcess.open({ driver: 'bubblewrap', pack: TINY_NOTES, workRoot: bench.workRoot });
    folder = await bench.project({});
    await judge.grade(folder);
  }, 600_000);
  afterAll(async () => {
    await judge.close();
    await bench.close();
  });

  /** Right, or a fault of ours: never the project's. */
  function verdict(report: GradingReport): string {
    return report.outcome === 'graded' ? [...new Set(Object.values(statuses(report)))].join() : report.outcome;
  }

  const expectGood = async (): Promise<void> => expect(verdict(await judge.grade(folder))).toBe('passed');

  itLimits.each([0, 2, 8])(title('in the grader, but for %d, before a grade'), async (left) => {
    allowDescriptors(judge.pid, left);
    const report = await judge.grade(folder);
    allowDescriptors(judge.pid, null);
    expect(['infra_fault', 'passed']).toContain(verdict(report));
    if (left === 0) expect(report.reason?.messageForReviewer).toMatch(/EMFILE|too many open files/i);
    await expectGood();
  });

  itLimits.each([0])(title('in the grader, but for %d, during the checks'), async (left) => {
    let isLimited = false;
    const report = await judge.grade(folder, {
      onPhase: ({ phase }) => {
        if (phase === 'checking' && !isLimited) allowDescriptors(judge.pid, left);
        isLimited ||= phase === 'checking';
      },
    });
    allowDescriptors(judge.pid, null);
    expect(isLimited).toBe(true);
    expect(['infra_fault', 'passed']).toContain(verdict(report));
    await expectGood();
  });

  itLimits.each([0, 3])(title('in the process that runs the checks, but for %d'), async (left) => {
    const [checker] = descendantsOf(judge.pid).filter(({ command }) => command.includes('judge-process'));
    allowDescriptors(Number(checker?.pid), left);
    const report = await judge.grade(folder);
    expect(['infra_fault', 'passed']).toContain(verdict(report));
    if (left === 0) expect(verdict(report)).toBe('infra_fault');
    // One that failed is replaced.
    if (report.outcome === 'graded') allowDescriptors(Number(checker?.pid), null);
    await expectGood();
  });
});
