import { jsonFile, MAX_TEXT, plainName, plainText } from './plain-text';
import type { ReportView } from './view-report';

/** Longest path, in characters: encoded, it can be many times as long. */
const MAX_PATH = 1_000;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** One problem at one place, before it becomes a `result`. */
interface Located {
  readonly rule: string;
  readonly title: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  /** Path in the project. `line` counts from 1, null for the whole file. */
  readonly file: string;
  readonly line: number | null;
}

/**
 * SARIF 2.1.0: static findings, and checks that did not pass and name a place. What happened over HTTP has no place and stands in the
 * other formats. Fingerprints rest on rule, file and the number of the occurrence in it, so that they survive lines that are moved.
 * Places are for staff, so that a candidate's file has no results.
 */
export function toSarif(view: ReportView): string {
  const located = [...findingsOf(view), ...checksOf(view)];
  const rules = [...new Map(located.map(({ rule, title }) => [rule, title]))];
  const occurrences = new Map<string, number>();
  const results = located.map((one) => {
    const same = `${one.rule}:${one.file}`;
    const occurrence = (occurrences.get(same) ?? 0) + 1;
    occurrences.set(same, occurrence);
    return {
      ruleId: plainName(one.rule),
      ruleIndex: rules.findIndex(([rule]) => rule === one.rule),
      level: one.level,
      message: { text: plainText(one.message, MAX_TEXT) || plainName(one.title) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(one.file) },
            ...(one.line !== null && { region: { startLine: one.line } }),
          },
        },
      ],
      partialFingerprints: { 'assayOccurrence/v1': plainText(`${same}:${occurrence}`, MAX_TEXT) },
    };
  });
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Assay',
            ...(view.provenance && { version: plainName(view.provenance.graderVersion) }),
            rules: rules.map(([rule, title]) => ({ id: plainName(rule), shortDescription: { text: plainName(title) } })),
          },
        },
        invocations: [{ executionSuccessful: view.outcome !== 'infra_fault' }],
        columnKind: 'utf16CodeUnits',
        results,
        properties: { outcome: view.outcome, task: `${view.task.slug} ${view.task.version}` },
      },
    ],
  };
  return jsonFile(log);
}

function findingsOf(view: ReportView): Located[] {
  return view.findings.map(({ tool, rule, message, file, line }) => ({
    rule: `${tool}/${rule}`,
    title: `${tool} ${rule}`,
    level: 'warning',
    message,
    file,
    line,
  }));
}

function checksOf(view: ReportView): Located[] {
  return view.checks.flatMap(({ key, title, status, message, forStaff }) =>
    status === 'passed' || forStaff === null
      ? []
      : forStaff.locations.map(({ file, line }) => ({ rule: key, title, level: 'error' as const, message, file, line })),
  );
}

/** A path as a relative reference; percent signs, blanks and colons in names must not be read as something else. */
function uriOf(file: string): string {
  return plainText(file, MAX_PATH).split('/').map(encodeURIComponent).join('/');
}
