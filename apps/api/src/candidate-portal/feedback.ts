import type { GradingReport } from '@assay/contracts/grading-report';
import { type ExportedReport, type ExportFormat, exportReport } from '@assay/report-export/export-report';
import { type ReportView, viewReport } from '@assay/report-export/view-report';
import { Problem } from '../http/problem';
import type { FeedbackPolicy } from '../organisations/organisations.service';
import type { FeedbackDto } from './candidate-portal.dto';

interface FeedbackState {
  readonly policy: FeedbackPolicy;
  readonly decided: boolean;
  /** Evidence of the run whose scorecard counts, or null. */
  readonly report: GradingReport | null;
}

/** What a candidate may read of a grade: title, status and message of the checks that are visible by now; never evidence. */
export function feedbackFor(state: FeedbackState): FeedbackDto {
  const view = viewOf(state);
  if (typeof view === 'string') return { available: false, message: view, checks: [] };
  return {
    available: true,
    message: state.decided ? 'All feedback on this task.' : 'More may follow once the organisation has decided.',
    checks: view.checks.map(({ title, criterion, status, message }) => ({ title, criterion, status, message })),
  };
}

/**
 * The same as a file of another format.
 *
 * @throws Problem `conflict` when there is no feedback (yet), saying why
 */
export function feedbackFile(state: FeedbackState, format: ExportFormat): ExportedReport {
  const view = viewOf(state);
  if (typeof view === 'string') throw new Problem('conflict', view);
  return exportReport(view, format);
}

/** What may be read, or why nothing is. */
function viewOf({ policy, decided, report }: FeedbackState): ReportView | string {
  if (policy === 'none') return 'The organisation gives no feedback on this task.';
  if (!report) return 'There is no grade yet.';
  if (policy === 'after_decision' && !decided) return 'Feedback is given once the organisation has decided.';
  return viewReport(report, { policy, decided, submitted: true });
}
