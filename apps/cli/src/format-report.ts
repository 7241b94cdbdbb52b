import type { CheckResult, GradingReport } from '@assay/contracts/grading-report';
import { formatScorecard } from '@assay/scoring/format-scorecard';
import type { Scorecard } from '@assay/scoring/score-report';

/** A report for a person at a terminal, ending in a line break: the scorecard and what failed, or why there is none. */
export function formatReport(report: GradingReport, scorecard: Scorecard | null, title: string): string {
  const body = scorecard
    ? `${formatScorecard(scorecard, title)}\n${formatChecks(report.checks)}`
    : `${title}\n${formatReason(report)}`;
  return `${body}\n${formatProvenance(report)}`;
}

function formatChecks(checks: readonly CheckResult[]): string {
  const failed = checks.filter((check) => check.status !== 'passed');
  const heading = `${checks.length - failed.length} of ${checks.length} checks passed${failed.length > 0 ? '; these did not:' : ''}`;
  return `${[heading, ...failed.flatMap(formatCheck)].join('\n')}\n`;
}

function formatCheck(check: CheckResult): string[] {
  const places = check.evidence.locations.map(({ file, line }) => (line === null ? file : `${file}:${line}`));
  return [
    '',
    `  ${check.id}  (${check.status}; ${check.criterion} level ${check.level}, ${check.points} points)`,
    `    ${check.title}`,
    `    ${check.messageForCandidate}`,
    `    seen: ${check.messageForReviewer}`,
    ...(places.length > 0 ? [`    at: ${places.join(', ')}`] : []),
  ];
}

function formatReason(report: GradingReport): string {
  const { reason } = report;
  const lines = [`Not graded: ${report.outcome} (${reason?.code ?? 'no reason given'})`];
  if (reason) {
    lines.push(reason.messageForCandidate);
    if (reason.messageForReviewer !== '' && reason.messageForReviewer !== reason.messageForCandidate)
      lines.push(`Detail: ${reason.messageForReviewer}`);
    if (reason.log.trim() !== '')
      lines.push(
        'Last lines of its output:',
        ...reason.log
          .trimEnd()
          .split('\n')
          .map((line) => `  | ${line}`),
      );
  }
  return `${lines.join('\n')}\n`;
}

function formatProvenance({ provenance, timings }: GradingReport): string {
  const { pack } = provenance;
  return [
    `pack ${pack.slug} ${pack.version} (${pack.contentHash.slice(0, 12)}), submission ${provenance.submissionHash.slice(0, 12)}, grader ${provenance.graderVersion},`,
    `Python ${provenance.python}, PostgreSQL ${provenance.postgres}, sandbox ${provenance.sandboxDriver}`,
    `start ${timings.startMs} ms, checks ${timings.runMs} ms, total ${timings.totalMs} ms\n`,
  ].join('\n');
}
