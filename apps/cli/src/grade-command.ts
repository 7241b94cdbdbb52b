import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RunOutcome } from '@assay/contracts/grading-report';
import type { Grader } from '@assay/grader/grader';
import { formatVerification, verifyPack } from '@assay/grader/verify-pack';
import { exportReport } from '@assay/report-export/export-report';
import { viewReport } from '@assay/report-export/view-report';
import type { DriverName } from '@assay/sandbox/choose-driver';
import { RUBRIC_V1 } from '@assay/scoring/rubric-v1';
import { scoreReport } from '@assay/scoring/score-report';
import { compareWith, readEarlierReport } from './against';
import { formatAgainst } from './against-format';
import { findPack, findSubmission } from './find-submission';
import { formatReport } from './format-report';
import { type GradeArguments, parseGradeArguments } from './grade-arguments';

/** Where a command writes: results to one, progress and problems to the other. */
export interface Output {
  readonly result: (text: string) => void;
  readonly progress: (line: string) => void;
}

export const EXIT_CODES = {
  graded: 0,
  verifyFailed: 1,
  changed: 1,
  ungradable: 2,
  infrastructure: 3,
  usage: 64,
  cancelled: 130,
} as const;

const EXIT_OF_OUTCOME: Readonly<Record<RunOutcome, number>> = {
  graded: EXIT_CODES.graded,
  ungradable: EXIT_CODES.ungradable,
  timed_out: EXIT_CODES.ungradable,
  infra_fault: EXIT_CODES.infrastructure,
  cancelled: EXIT_CODES.cancelled,
};

/**
 * `grade <pack> <submission>` and `grade <pack> --verify`. Resolves to the exit code; rejects with `UsageError` on wrong usage.
 *
 * @param openGrader called once it is clear that there is something to grade, with the sandbox driver that was asked for
 */
export async function gradeCommand(
  words: readonly string[],
  openGrader: (sandbox: DriverName | null) => Promise<Grader>,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const args = parseGradeArguments(words);
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-grade-'));
  let grader: Grader | null = null;
  const open = async (): Promise<Grader> => {
    grader = await openGrader(args.sandbox);
    return grader;
  };
  try {
    return args.mode === 'verify' ? await verify(args, open, output) : await grade(args, open, output, scratch, signal);
  } finally {
    await (grader as Grader | null)?.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

type Opener = () => Promise<Grader>;

async function grade(
  args: Extract<GradeArguments, { mode: 'grade' }>,
  open: Opener,
  output: Output,
  scratch: string,
  signal: AbortSignal,
): Promise<number> {
  const pack = await findPack(args.pack);
  const built = path.join(scratch, pack.slug);
  const submission = await findSubmission(pack, args.submission, built);
  const earlier = args.against === null ? null : await readEarlierReport(args.against, pack.slug);
  const grader = await open();
  const report = await grader.grade({ ...submission, pack, signal, onProgress: output.progress });
  if (args.format) {
    output.result(exportReport(viewReport(report, 'staff'), args.format, Date.now()).text);
    return EXIT_OF_OUTCOME[report.outcome];
  }
  const scorecard = report.outcome === 'graded' ? scoreReport(report, RUBRIC_V1) : null;
  // A fault of this machine is no result to compare.
  const isResult = EXIT_OF_OUTCOME[report.outcome] <= EXIT_CODES.ungradable;
  const against =
    earlier && isResult ? compareWith(earlier, report, 'folder' in submission && submission.folder === built) : null;
  output.result(
    args.json
      ? `${JSON.stringify({ report, scorecard, ...(against && { against }) })}\n`
      : formatReport(report, scorecard, `${args.submission}, ${pack.definition.title}`) +
          (against ? `\n${formatAgainst(against)}` : ''),
  );
  return against?.changed && report.outcome === 'graded' ? EXIT_CODES.changed : EXIT_OF_OUTCOME[report.outcome];
}

async function verify(args: Extract<GradeArguments, { mode: 'verify' }>, open: Opener, output: Output): Promise<number> {
  const pack = await findPack(args.pack);
  const grader = await open();
  const results = await verifyPack(grader, pack, (result) => {
    if (!args.json) output.result(`${formatVerification(result)}\n`);
  });
  if (args.json) output.result(`${JSON.stringify({ pack: pack.slug, results })}\n`);
  if (results.some((result) => result.outcome === 'infra_fault')) return EXIT_CODES.infrastructure;
  return results.every((result) => result.ok) ? 0 : EXIT_CODES.verifyFailed;
}
