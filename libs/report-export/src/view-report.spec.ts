import { VISIBILITIES } from '@assay/contracts/grading-report';
import { sampleCheck, sampleReport } from '@assay/testing/sample-report';
import { EXPORT_FORMATS, exportReport } from './export-report';
import { type CandidateViewer, type FeedbackPolicy, type ReportView, viewReport } from './view-report';

const SECRET = 'b1-secret';
const REPORT = sampleReport({
  checks: VISIBILITIES.map((visibility) =>
    sampleCheck({
      id: `${SECRET}-id-${visibility}`,
      title: `Title ${visibility}`,
      visibility,
      status: 'failed',
      messageForCandidate: `Message ${visibility}`,
      messageForReviewer: `${SECRET} expected value`,
      evidence: {
        exchanges: [
          {
            request: { method: 'GET', path: `/${SECRET}`, as: null, body: SECRET },
            response: { status: 200, contentType: null, body: SECRET, truncated: false },
            error: null,
            statementCount: 1,
            statements: [SECRET],
          },
        ],
        records: [{ kind: 'call', title: SECRET, text: SECRET, truncated: false }],
        measurements: { [SECRET]: 1 },
        findings: [],
        locations: [{ file: `${SECRET}.py`, line: 1 }],
      },
    }),
  ),
  findings: [{ tool: 'ruff', rule: 'X', message: SECRET, file: `${SECRET}.py`, line: 1 }],
});

const titles = (view: ReportView) => view.checks.map(({ title }) => title.slice('Title '.length));

describe('what a candidate sees of a report', () => {
  it.each<[FeedbackPolicy, boolean, boolean, string[]]>([
    ['none', true, true, []],
    ['after_submission', false, false, ['always']],
    ['after_submission', true, false, ['always', 'after_submission']],
    ['after_submission', true, true, ['always', 'after_submission', 'after_decision']],
    ['after_decision', true, false, []],
    ['after_decision', true, true, ['always', 'after_submission', 'after_decision']],
  ])('with the policy "%s", submitted %s, decided %s', (policy, submitted, decided, expected) => {
    const viewer: CandidateViewer = { policy, submitted, decided };
    const view = viewReport(REPORT, viewer);
    expect(titles(view)).toEqual(expected);
    const everything = [JSON.stringify(view), ...EXPORT_FORMATS.map((format) => exportReport(view, format).text)].join('\n');
    expect(everything).not.toContain(SECRET);
    for (const visibility of VISIBILITIES) {
      if (expected.includes(visibility)) continue;
      expect(everything).not.toContain(`Title ${visibility}`);
      expect(everything).not.toContain(`Message ${visibility}`);
    }
    expect(everything).not.toContain(REPORT.provenance.submissionHash);
  });
});

it('shows staff all checks', () => {
  expect(titles(viewReport(REPORT, 'staff'))).toEqual(['always', 'after_submission', 'after_decision', 'never']);
});

it('lets nothing be exported that was not filtered', () => {
  const view = viewReport(REPORT, 'staff');
  // @ts-expect-error a report is no view
  const ofReport = () => exportReport(REPORT, 'junit');
  const copy = {
    viewer: 'staff' as const,
    task: view.task,
    outcome: 'graded' as const,
    reason: null,
    checks: [],
    findings: [],
    provenance: null,
    totalMs: 0,
  };
  // @ts-expect-error nor is what looks like one, which could hold anything
  const ofCopy = () => exportReport(copy, 'junit');
  expect([ofReport, ofCopy]).toHaveLength(2);
});
