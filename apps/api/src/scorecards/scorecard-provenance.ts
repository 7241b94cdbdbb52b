import type { GradingReport } from '@assay/contracts/grading-report';

/** Everything needed to repeat a grade, and how long it took, apart from each other. */
export type ScorecardProvenance = GradingReport['provenance'] & {
  readonly gradingRunId: string;
  readonly submissionId: string;
  readonly rubricVersion: string;
  readonly timings: Omit<GradingReport['timings'], 'checksMs'>;
};
