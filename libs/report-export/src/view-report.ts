import type { CheckResult, Finding, GradingReport, RunOutcome, Visibility } from '@assay/contracts/grading-report';
import type { ReportProvenance } from '@assay/contracts/report-provenance';

/** What an organisation lets candidates read of their grade, and from when. */
export type FeedbackPolicy = 'none' | 'after_submission' | 'after_decision';

export interface CandidateViewer {
  readonly policy: FeedbackPolicy;
  /** Whether the candidate has handed in; only `always` is visible before. */
  readonly submitted: boolean;
  /** Whether the organisation has decided. */
  readonly decided: boolean;
}

/** Who is to read a report. */
export type Viewer = 'staff' | CandidateViewer;

declare const VIEWED: unique symbol;

/**
 * A report as one viewer may read it. Only `viewReport` makes one, and exporters take nothing else: a report that was not filtered does
 * not type-check as their argument. What a viewer may not know is null or not there.
 */
export interface ReportView {
  readonly [VIEWED]: true;
  readonly viewer: 'staff' | 'candidate';
  readonly task: { readonly slug: string; readonly version: string };
  readonly outcome: RunOutcome;
  /** Why there is no grade; null when there is one. */
  readonly reason: { readonly code: string; readonly message: string; readonly log: string } | null;
  readonly checks: readonly ViewedCheck[];
  /** Static findings on the submission as a whole; for staff only. */
  readonly findings: readonly Finding[];
  readonly provenance: ReportProvenance | null;
  /** Milliseconds of the whole run. */
  readonly totalMs: number | null;
}

export interface ViewedCheck {
  /** The check's id for staff; its number in this view for a candidate. */
  readonly key: string;
  readonly title: string;
  readonly criterion: CheckResult['criterion'];
  readonly status: CheckResult['status'];
  readonly message: string;
  /** What only staff read of a check. */
  readonly forStaff: {
    readonly level: CheckResult['level'];
    readonly points: number;
    readonly visibility: Visibility;
    readonly messageForCandidate: string;
    readonly locations: CheckResult['evidence']['locations'];
    readonly durationMs: number | null;
  } | null;
}

/** What a viewer may read of a report. Pure: the same report and viewer always give the same view. */
export function viewReport(report: GradingReport, viewer: Viewer): ReportView {
  const { pack } = report.provenance;
  const common = { task: { slug: pack.slug, version: pack.version }, outcome: report.outcome };
  const view: Omit<ReportView, typeof VIEWED> =
    viewer === 'staff' ? { ...common, ...staffView(report) } : { ...common, ...candidateView(report, viewer) };
  return view as ReportView;
}

/** Which checks of a report a candidate may read by now. */
export function visibleChecks(checks: readonly CheckResult[], viewer: CandidateViewer): readonly CheckResult[] {
  if (viewer.policy === 'none' || (viewer.policy === 'after_decision' && !viewer.decided)) return [];
  const visible: ReadonlySet<Visibility> = new Set<Visibility>([
    'always',
    ...(viewer.submitted ? (['after_submission'] as const) : []),
    ...(viewer.submitted && viewer.decided ? (['after_decision'] as const) : []),
  ]);
  return checks.filter((check) => visible.has(check.visibility));
}

type Part = Omit<ReportView, typeof VIEWED | 'task' | 'outcome'>;

function staffView(report: GradingReport): Part {
  const { reason } = report;
  return {
    viewer: 'staff',
    reason: reason && { code: reason.code, message: reason.messageForReviewer, log: reason.log },
    checks: report.checks.map((check) => ({
      key: check.id,
      title: check.title,
      criterion: check.criterion,
      status: check.status,
      message: check.messageForReviewer,
      forStaff: {
        level: check.level,
        points: check.points,
        visibility: check.visibility,
        messageForCandidate: check.messageForCandidate,
        locations: check.evidence.locations,
        durationMs: report.timings.checksMs[check.id] ?? null,
      },
    })),
    findings: report.findings,
    provenance: report.provenance,
    totalMs: report.timings.totalMs,
  };
}

function candidateView(report: GradingReport, viewer: CandidateViewer): Part {
  const { reason } = report;
  return {
    viewer: 'candidate',
    reason: reason && { code: reason.code, message: reason.messageForCandidate, log: reason.log },
    checks: visibleChecks(report.checks, viewer).map((check, index) => ({
      key: String(index + 1),
      title: check.title,
      criterion: check.criterion,
      status: check.status,
      message: check.messageForCandidate,
      forStaff: null,
    })),
    findings: [],
    provenance: null,
    totalMs: null,
  };
}
