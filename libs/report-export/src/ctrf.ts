import { checksByArea } from './areas';
import { jsonFile, MAX_TEXT, plainName, plainText } from './plain-text';
import type { ReportView, ViewedCheck } from './view-report';

/** Version of the specification that the files follow: https://ctrf.io. */
export const CTRF_VERSION = '0.0.0';

/**
 * CTRF: a check is a test of the suite of its area and criterion; what CTRF has no word for stands in `extra`. `errored` is `failed` with
 * its own word in `rawStatus`. A run without a grade is one test of the status `other`.
 *
 * @param finishedAt milliseconds since 1970 at which the run ended; the view does not know it, 0 stands for unknown
 */
export function toCtrf(view: ReportView, finishedAt = 0): string {
  const tests =
    view.outcome === 'graded'
      ? checksByArea(view).flatMap(({ name, checks }) => checks.map((check) => testOf(name, check)))
      : [testOfReason(view)];
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const duration = view.totalMs ?? 0;
  const { provenance } = view;
  const report = {
    reportFormat: 'CTRF',
    specVersion: CTRF_VERSION,
    generatedBy: 'Assay',
    results: {
      tool: { name: 'Assay', ...(provenance && { version: plainName(provenance.graderVersion) }) },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: count('other'),
        suites: new Set(tests.map(({ suite }) => suite.join('/'))).size,
        start: Math.max(0, finishedAt - duration),
        stop: finishedAt,
        ...(view.totalMs !== null && { duration }),
      },
      tests,
      environment: {
        appName: plainName(view.task.slug),
        appVersion: plainName(view.task.version),
        ...(provenance && { extra: { provenance } }),
      },
      extra: { outcome: view.outcome, reason: view.reason?.code ?? null },
    },
  };
  return jsonFile(report);
}

interface CtrfTest {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'other';
  readonly duration: number;
  readonly suite: readonly string[];
  readonly [more: string]: unknown;
}

function testOf(area: string, check: ViewedCheck): CtrfTest {
  const { forStaff, status, criterion } = check;
  const place = forStaff?.locations[0];
  return {
    name: plainName(check.title),
    status: status === 'errored' ? 'failed' : status,
    duration: forStaff?.durationMs ?? 0,
    suite: [area, criterion],
    message: plainText(check.message, MAX_TEXT),
    rawStatus: status,
    tags: [criterion],
    ...(place && { filePath: plainName(place.file) }),
    ...(place?.line && { line: place.line }),
    ...(forStaff && {
      testId: plainName(check.key),
      extra: {
        criterion,
        level: forStaff.level,
        points: forStaff.points,
        earned: status === 'passed' ? forStaff.points : 0,
        visibility: forStaff.visibility,
      },
    }),
  };
}

function testOfReason({ outcome, reason }: ReportView): CtrfTest {
  return {
    name: `The run is ${outcome}`,
    status: 'other',
    duration: 0,
    suite: ['Run'],
    rawStatus: outcome,
    message: plainText(reason?.message ?? outcome, MAX_TEXT),
    ...(reason?.log ? { trace: plainText(reason.log, MAX_TEXT) } : {}),
  };
}
