import { type CheckResult, type GradingReport, REPORT_SCHEMA_ID } from '@assay/contracts/grading-report';
import type { ReportProvenance } from '@assay/contracts/report-provenance';

const HASH = '0'.repeat(64);

export const SAMPLE_PROVENANCE: ReportProvenance = {
  pack: { slug: 'bookshop', version: '1.0.0', contentHash: HASH },
  submissionHash: HASH,
  archiveSha256: HASH,
  runtimeLockHash: HASH,
  python: '3.11.2',
  django: '5.2.1',
  postgres: '18.4',
  redis: null,
  graderVersion: '0.1.0',
  graderCommit: null,
  sandboxDriver: 'zygote',
  sandboxLayersMissing: [],
  node: '24.0.0',
  architecture: 'x64',
  kernel: 'Linux 6.12.0',
  limits: {
    startSeconds: 30,
    runSeconds: 60,
    requestSeconds: 5,
    memoryMiB: 512,
    processes: 64,
    cpuSeconds: 90,
    fileMiB: 32,
    openFiles: 128,
    logBytes: 65_536,
  },
  locale: 'C.UTF-8',
  timezone: 'UTC',
};

/** A graded report without checks, changed by `fields`. */
export function sampleReport(fields: Partial<GradingReport> = {}): GradingReport {
  return {
    schema: REPORT_SCHEMA_ID,
    version: 1,
    outcome: 'graded',
    reason: null,
    checks: [],
    findings: [],
    provenance: SAMPLE_PROVENANCE,
    timings: { queueMs: null, startMs: 0, runMs: 0, totalMs: 0, checksMs: {} },
    ...fields,
  };
}

/** A passed check of B1, level 1, 2 points, changed by `fields`. */
export function sampleCheck(fields: Partial<CheckResult> & Pick<CheckResult, 'id'>): CheckResult {
  return {
    title: fields.id,
    criterion: 'B1',
    level: 1,
    points: 2,
    status: 'passed',
    visibility: 'always',
    messageForCandidate: '',
    messageForReviewer: '',
    evidence: { exchanges: [], records: [], measurements: {}, findings: [], locations: [] },
    ...fields,
  };
}
