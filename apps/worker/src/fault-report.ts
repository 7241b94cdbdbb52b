import type { GradingJob } from '@assay/contracts/grading-job';
import type { GradingReport } from '@assay/contracts/grading-report';
import { GRADER_VERSION } from '@assay/grader/grader';

/** What is known of the surroundings that a run was not graded in. */
export interface FaultSurroundings {
  readonly runtimeLockHash: string;
  readonly python: string;
  readonly sandboxDriver: string;
}

/** The report of a run that never reached the grader. */
export function faultReport(
  job: GradingJob,
  surroundings: FaultSurroundings,
  fault: { code: string; message: string },
): GradingReport {
  return {
    version: 1,
    outcome: 'infra_fault',
    reason: {
      code: fault.code,
      messageForCandidate: 'Grading failed on our side. It is not your fault and costs you nothing: the run will be tried again.',
      messageForReviewer: fault.message.slice(0, 2_000),
      log: '',
    },
    checks: [],
    findings: [],
    provenance: {
      pack: job.pack,
      submissionHash: job.archive.sha256,
      graderVersion: GRADER_VERSION,
      postgres: 'not started',
      ...surroundings,
    },
    timings: { queueMs: null, startMs: 0, runMs: 0, totalMs: 0, checksMs: {} },
  };
}
