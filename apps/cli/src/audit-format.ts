import type { AuditFinding, AuditReport } from '@assay/contracts/audit-report';
import { RUBRIC_V1 } from '@assay/scoring/rubric-v1';

const WIDTH = 100;

/** An audit for a person at a terminal, ending in a line break: findings by criterion, what was looked at, what files do not tell. */
export function formatAudit(report: AuditReport): string {
  const { source, project, reason } = report;
  const title = `Audit of ${source.name}${source.commit === null ? '' : ` at ${source.commit.slice(0, 12)}`}`;
  if (reason) return `${title}\nCannot be judged (${reason.code}): ${reason.message}\n`;
  const settings = project?.settingsFile
    ? `Settings taken for production's: ${project.settingsFile} (${project.settingsChosenBecause ?? 'the only ones'})`
    : 'There are no settings to judge.';
  return `${[title, settings, summary(report.findings), ...byCriterion(report.findings), '', ...remarks(report)].join('\n')}\n`;
}

function summary(findings: readonly AuditFinding[]): string {
  if (findings.length === 0) return 'Nothing was found.';
  const count = (severity: AuditFinding['severity']): number => findings.filter((one) => one.severity === severity).length;
  return `${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes`;
}

function byCriterion(findings: readonly AuditFinding[]): string[] {
  const lines: string[] = [];
  let criterion = '';
  let rule = '';
  for (const finding of findings) {
    if (finding.criterion !== criterion) lines.push('', `${finding.criterion} ${nameOf(finding.criterion)}`);
    if (finding.criterion !== criterion || finding.rule !== rule) lines.push(...explain(finding));
    lines.push(`      ${finding.file}:${finding.line}  ${finding.message}`);
    ({ criterion, rule } = finding);
  }
  return lines;
}

function explain({ rule, severity, confidence, cwe, why }: AuditFinding): string[] {
  return [`  ${severity}  ${rule}  (confidence ${confidence}${cwe === null ? '' : `, CWE-${cwe}`})`, ...wrap(why, '    ')];
}

function nameOf(id: string): string {
  return RUBRIC_V1.areas.flatMap(({ criteria }) => criteria).find((criterion) => criterion.id === id)?.name ?? '';
}

function remarks({ lookedAt, leftOut, notJudged }: AuditReport): string[] {
  return [
    ...wrap(`Looked at: ${lookedAt.map(({ what, count }) => `${count} ${what}`).join(', ')}.`, ''),
    ...(leftOut.length > 0
      ? wrap(
          `Left out: ${leftOut
            .slice(0, 5)
            .map(({ what, why }) => `${what} (${why})`)
            .join(', ')}${leftOut.length > 5 ? ` and ${leftOut.length - 5} more` : ''}.`,
          '',
        )
      : []),
    'Not judged, because files alone do not tell:',
    ...notJudged.map(({ criterion, why }) => `  ${criterion}  ${why}`),
  ];
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line];
}
