import type { AuditFinding, AuditReport } from '@assay/contracts/audit-report';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** How GitHub ranks findings of security: 9 and above is critical, 7 high, 4 medium. */
const SECURITY_SEVERITY = { error: '8.0', warning: '5.0', note: '2.0' } as const;

/** The audit as SARIF 2.1.0, for viewers of static findings. */
export function auditToSarif(report: AuditReport): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.rule, finding])).values()].sort((a, b) =>
    a.rule < b.rule ? -1 : 1,
  );
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Assay audit', version: report.auditorVersion, rules: rules.map(describe) } },
        invocations: [{ executionSuccessful: report.outcome === 'audited' }],
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) =>
          resultOf(
            finding,
            rules.findIndex(({ rule }) => rule === finding.rule),
          ),
        ),
        ...(report.source.commit !== null &&
          report.source.name.startsWith('https:') && {
            versionControlProvenance: [{ repositoryUri: report.source.name, revisionId: report.source.commit }],
          }),
        properties: {
          outcome: report.outcome,
          source: report.source,
          ...(report.reason && { reason: report.reason }),
          notJudged: report.notJudged,
        },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function describe({ rule, why, cwe, criterion, severity }: AuditFinding) {
  return {
    id: rule,
    shortDescription: { text: why },
    properties: {
      criterion,
      tags: [criterion, ...(cwe === null ? [] : ['security', `external/cwe/cwe-${cwe}`])],
      ...(cwe !== null && { 'security-severity': SECURITY_SEVERITY[severity] }),
    },
  };
}

function resultOf(
  { rule, severity, confidence, message, why, file, line, fingerprint, criterion, cwe }: AuditFinding,
  ruleIndex: number,
) {
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: `${message} ${why}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } }],
    partialFingerprints: { 'assayAudit/v1': fingerprint },
    properties: { confidence, criterion, ...(cwe !== null && { cwe }) },
  };
}

function uriOf(file: string): string {
  return file
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}
