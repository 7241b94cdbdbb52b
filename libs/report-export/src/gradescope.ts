import type { Visibility } from '@assay/contracts/grading-report';
import { jsonFile, MAX_TEXT, plainName, plainText } from './plain-text';
import type { ReportView, ViewedCheck } from './view-report';

const VISIBILITY: Readonly<Record<Visibility, 'visible' | 'after_published' | 'hidden'>> = {
  always: 'visible',
  after_submission: 'visible',
  after_decision: 'after_published',
  never: 'hidden',
};

/**
 * `results.json` as Gradescope's autograder takes it. Students read the texts for candidates, never those for reviewers, which
 * Gradescope could not keep from them. Scores are points; a candidate's own file counts each visible check as one. A hidden test makes
 * Gradescope hide the total. A fault of ours, or a cancelled run, has neither score nor tests: Gradescope then says that the autograder
 * failed, and does not give 0.
 */
export function toGradescope(view: ReportView): string {
  return jsonFile(resultsOf(view));
}

function resultsOf(view: ReportView): object {
  const format = { output_format: 'text', test_output_format: 'text', test_name_format: 'text' };
  const time = view.totalMs === null ? {} : { execution_time: view.totalMs / 1000 };
  if (view.outcome === 'graded') return { ...time, ...format, tests: view.checks.map(testOf) };
  const output = plainText([view.reason?.message ?? view.outcome, view.reason?.log ?? ''].join('\n').trimEnd(), MAX_TEXT);
  const isOurs = view.outcome === 'infra_fault' || view.outcome === 'cancelled';
  return { ...(isOurs ? {} : { score: 0 }), ...time, ...format, output, visibility: 'visible' };
}

function testOf(check: ViewedCheck, index: number): object {
  const { forStaff, status } = check;
  const points = forStaff?.points ?? 1;
  return {
    score: status === 'passed' ? points : 0,
    max_score: points,
    status: status === 'passed' ? 'passed' : 'failed',
    name: plainName(check.title),
    name_format: 'text',
    number: String(index + 1),
    output: plainText(forStaff?.messageForCandidate ?? check.message, MAX_TEXT),
    output_format: 'text',
    tags: [check.criterion],
    visibility: forStaff ? VISIBILITY[forStaff.visibility] : 'visible',
    ...(forStaff && { extra_data: { id: plainName(check.key), level: forStaff.level, status } }),
  };
}
