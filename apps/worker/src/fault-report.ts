import type { GradingJob } from '@assay/contracts/grading-job';
import { type GradingReport, REPORT_SCHEMA_ID } from '@assay/contracts/grading-report';
import { GRADER_VERSION } from '@assay/grader/grader';
import type { Machine } from '@assay/grader/provenance';

/** The report of a run that never reached the grader. */
export function faultReport(job: GradingJob, surroundings: Machine, fault: { code: string; message: string }): GradingReport {
  return {
    schema: REPORT_SCHEMA_ID,
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
      ...surroundings,
      pack: job.pack,
      submissionHash: job.archive.sha256,
      archiveSha256: job.archive.sha256,
      graderVersion: GRADER_VERSION,
      postgres: 'not started',
      redis: null,
      limits: null,
      locale: null,
      timezone: null,
    },
    timings: { queueMs: null, startMs: 0, runMs: 0, totalMs: 0, checksMs: {} },
  };
}
