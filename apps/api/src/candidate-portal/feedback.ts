import type { GradingReport, Visibility } from '@assay/contracts/grading-report';
import type { FeedbackPolicy } from '../organisations/organisations.service';
import type { FeedbackDto } from './candidate-portal.dto';

interface FeedbackState {
  readonly policy: FeedbackPolicy;
  readonly decided: boolean;
  /** Evidence of the run whose scorecard counts, or null. */
  readonly report: GradingReport | null;
}

/** What a candidate may read of a grade: title, status and message of the checks that are visible by now; never evidence. */
export function feedbackFor({ policy, decided, report }: FeedbackState): FeedbackDto {
  if (policy === 'none') return { available: false, message: 'The organisation gives no feedback on this task.', checks: [] };
  if (!report) return { available: false, message: 'There is no grade yet.', checks: [] };
  if (policy === 'after_decision' && !decided) {
    return { available: false, message: 'Feedback is given once the organisation has decided.', checks: [] };
  }
  const visible: ReadonlySet<Visibility> = new Set(
    decided ? ['always', 'after_submission', 'after_decision'] : ['always', 'after_submission'],
  );
  const checks = report.checks
    .filter((check) => visible.has(check.visibility))
    .map((check) => ({
      title: check.title,
      criterion: check.criterion,
      status: check.status,
      message: check.messageForCandidate,
    }));
  return {
    available: true,
    message: decided ? 'All feedback on this task.' : 'More may follow once the organisation has decided.',
    checks,
  };
}
