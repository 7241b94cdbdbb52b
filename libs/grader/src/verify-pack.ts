import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { GradingReport } from '@assay/contracts/grading-report';
import type { PackSolution, TaskPack } from '@assay/task-pack/load-task-pack';
import { buildSolution } from '@assay/task-pack/solution-overlay';
import type { Grader } from './grader';

/** How one of the pack's own solutions fared against what it says of itself. */
export interface Verification {
  readonly solution: string;
  readonly ok: boolean;
  readonly outcome: GradingReport['outcome'];
  /** The fault when there was no grade, else null. */
  readonly reason: string | null;
  /** Checks that were expected to fail and passed. */
  readonly passedUnexpectedly: readonly string[];
  /** Checks that failed unexpectedly, with what was seen. */
  readonly failedUnexpectedly: readonly { readonly id: string; readonly seen: string }[];
  readonly totalMs: number;
}

/** Grades the reference and every broken solution and attack, one after the other, and compares with their `expect.json`. */
export async function verifyPack(
  grader: Grader,
  pack: TaskPack,
  onResult: (result: Verification) => void,
): Promise<Verification[]> {
  const results: Verification[] = [];
  for (const solution of [pack.reference, ...pack.broken, ...pack.attacks]) {
    const result = await verifySolution(grader, pack, solution);
    onResult(result);
    results.push(result);
  }
  return results;
}

/** Grades one solution of the pack and compares with what it says of itself. */
export async function verifySolution(grader: Grader, pack: TaskPack, solution: PackSolution): Promise<Verification> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-solution-'));
  try {
    const folder = path.join(scratch, pack.slug);
    await buildSolution(pack, solution, folder);
    return compare(solution, await grader.grade({ pack, folder }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function compare(solution: PackSolution, report: GradingReport): Verification {
  const expected = new Set(solution.expectation.failed);
  const passedUnexpectedly = report.checks
    .filter((check) => check.status === 'passed' && expected.has(check.id))
    .map(({ id }) => id);
  const failedUnexpectedly = report.checks
    .filter((check) => check.status !== 'passed' && !expected.has(check.id))
    .map((check) => ({ id: check.id, seen: check.messageForReviewer }));
  return {
    solution: solution.name,
    ok: report.outcome === 'graded' && passedUnexpectedly.length === 0 && failedUnexpectedly.length === 0,
    outcome: report.outcome,
    reason: report.reason && `${report.reason.code}: ${report.reason.messageForReviewer}`,
    passedUnexpectedly,
    failedUnexpectedly,
    totalMs: report.timings.totalMs,
  };
}

/** One or more lines for a person, without the last line break. */
export function formatVerification(result: Verification): string {
  return [
    `${result.ok ? 'ok  ' : 'FAIL'} ${result.solution} (${result.outcome}, ${result.totalMs} ms)`,
    ...(result.reason ? [`       ${result.reason}`] : []),
    ...result.passedUnexpectedly.map((id) => `       ${id} passed, expect.json says that it fails`),
    ...result.failedUnexpectedly.map(({ id, seen }) => `       ${id} failed: ${seen}`),
  ].join('\n');
}
