import { readFile } from 'node:fs/promises';
import { type GradingReport, gradingReportSchema } from '@assay/contracts/grading-report';
import { type ComparedGrade, type Comparison, compareReports, isChanged } from '@assay/scoring/compare-reports';
import { RUBRIC_V1 } from '@assay/scoring/rubric-v1';
import { scoreReport } from '@assay/scoring/score-report';
import { UsageError } from './grade-arguments';

/** What a new grade says otherwise than an earlier one. */
export interface Against {
  readonly changed: boolean;
  readonly comparison: Comparison;
}

/**
 * Reads an earlier grade from a file: what `--json` printed, or a report by itself.
 *
 * @throws UsageError in one line when there is no such file or it holds no report of this task
 */
export async function readEarlierReport(file: string, slug: string): Promise<GradingReport> {
  const parsed = gradingReportSchema.safeParse(reportIn(await readJson(file)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    throw new UsageError(oneLine(`${file} holds no grading report: ${place}${issue?.message ?? 'it cannot be read'}.`));
  }
  const report = parsed.data;
  const given = report.provenance.pack.slug;
  if (given !== slug) throw new UsageError(oneLine(`${file} is a report on the task "${given}", not on "${slug}".`));
  return report;
}

/**
 * Compares a grade with an earlier one of the same submission. Both are scored anew by today's rubric, so what differs is in the grades.
 *
 * @param ofPack whether the submission is one of the pack's own solutions, which change with the version of the pack
 * @throws UsageError when they are of two submissions
 */
export function compareWith(earlier: GradingReport, later: GradingReport, ofPack: boolean): Against {
  const [before, after] = [earlier.provenance, later.provenance];
  const movedWithPack = ofPack && before.pack.contentHash !== after.pack.contentHash;
  if (before.submissionHash !== after.submissionHash && !movedWithPack) {
    const [old, now] = [before.submissionHash.slice(0, 12), after.submissionHash.slice(0, 12)];
    throw new UsageError(`The report is of another submission (${old}) than the one that was graded now (${now}).`);
  }
  const comparison = compareReports(gradeOf(earlier), gradeOf(later));
  return { changed: isChanged(comparison), comparison };
}

function gradeOf(report: GradingReport): ComparedGrade {
  const { outcome, checks, provenance } = report;
  return { outcome, checks, provenance, scorecard: outcome === 'graded' ? scoreReport(report, RUBRIC_V1) : null };
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(oneLine(`The report ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(oneLine(`${file} holds no JSON. Give what "--json" printed.`));
  }
}

function reportIn(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'report' in content ? content.report : content;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
