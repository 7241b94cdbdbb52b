import { z } from 'zod';
import { reportProvenanceSchema } from './report-provenance';
import { CRITERION_IDS, type CriterionId } from './rubric-ids';

/** How a grading run ended. Only `graded` counts as an attempt, only `infra_fault` is tried again. */
export const RUN_OUTCOMES = ['graded', 'ungradable', 'timed_out', 'infra_fault', 'cancelled'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

export const CHECK_STATUSES = ['passed', 'failed', 'errored', 'skipped'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** Who may read a check's result, and from when. A candidate never reads more than title, status and `messageForCandidate`. */
export const VISIBILITIES = ['always', 'after_submission', 'after_decision', 'never'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

const criterion = z.enum(CRITERION_IDS as [CriterionId, ...CriterionId[]]);

/** One conversation with the candidate's server. Bodies are cut to a bounded length; volatile headers are left out. */
export const exchangeSchema = z.strictObject({
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    /** Name of the seeded user who asked, or null for an anonymous request. Credentials are never recorded. */
    as: z.string().nullable(),
    body: z.string().nullable(),
  }),
  response: z
    .strictObject({ status: z.int(), contentType: z.string().nullable(), body: z.string(), truncated: z.boolean() })
    .nullable(),
  /** Why there is no answer (closed connection, deadline, malformed HTTP), else null. */
  error: z.string().nullable(),
  /** SQL statements that the database completed while the request ran, transaction control left out. */
  statementCount: z.int().nonnegative(),
  /** The first statements of the request, normalised to their text without parameters. */
  statements: z.array(z.string()),
});

/** One finding of a static tool in the submission. `line` counts from 1. */
export const findingSchema = z.strictObject({
  tool: z.string(),
  rule: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.int().positive(),
});

/** What a record of evidence is about. */
export const EVIDENCE_RECORD_KINDS = [
  'call',
  'command',
  'settings',
  'query-plan',
  'race',
  'connections',
  'caching',
  'migration',
  'background-task',
  'monitoring-event',
  'source',
  'deployment-file',
] as const;
export type EvidenceRecordKind = (typeof EVIDENCE_RECORD_KINDS)[number];

/** Evidence that is no conversation over HTTP. `text` is bounded and holds nothing that differs between two gradings. */
export const evidenceRecordSchema = z.strictObject({
  kind: z.enum(EVIDENCE_RECORD_KINDS),
  title: z.string(),
  text: z.string(),
  truncated: z.boolean(),
});

export const checkEvidenceSchema = z.strictObject({
  exchanges: z.array(exchangeSchema),
  records: z.array(evidenceRecordSchema).default([]),
  /** Named figures that the check measured, for example `slope` (statements per row). */
  measurements: z.record(z.string(), z.number()),
  findings: z.array(findingSchema),
  /** Where in the submission the evidence stands, when it is about a file. `line` counts from 1, null for the whole file. */
  locations: z.array(z.strictObject({ file: z.string(), line: z.int().positive().nullable() })),
});

export const checkResultSchema = z.strictObject({
  /** Stable id within the pack, for example `a2-bestsellers-counts-each-sale-once`. */
  id: z.string(),
  title: z.string(),
  criterion,
  /** Level of the criterion that this check is evidence for (1 to 3). */
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  /** Points earned when passed; nothing otherwise. */
  points: z.number().positive(),
  status: z.enum(CHECK_STATUSES),
  visibility: z.enum(VISIBILITIES),
  messageForCandidate: z.string(),
  /** What was expected and what came; may quote hidden inputs, never shown to a candidate. */
  messageForReviewer: z.string(),
  evidence: checkEvidenceSchema,
});

/** Why a run has no grade: a stable code, what the candidate can do about it, and what a reviewer or operator needs. */
export const runReasonSchema = z.strictObject({
  code: z.string(),
  messageForCandidate: z.string(),
  messageForReviewer: z.string(),
  /** Last lines of the project's own output, bounded. */
  log: z.string(),
});

/** Durations in whole milliseconds. Kept apart from the evidence, which is identical between two gradings of one submission. */
export const reportTimingsSchema = z.strictObject({
  queueMs: z.int().nonnegative().nullable(),
  /** Unpacking, database and sandbox start, until the project answered. */
  startMs: z.int().nonnegative(),
  /** Hidden checks against the running project. */
  runMs: z.int().nonnegative(),
  totalMs: z.int().nonnegative(),
  checksMs: z.record(z.string(), z.int().nonnegative()),
});

/** Names the format of a report; a report of another format carries another name. Also the `$id` of the published JSON Schema. */
export const REPORT_SCHEMA_ID = 'urn:assay:schema:grading-report:v1';

/**
 * Evidence of one grading run, version 1 (docs/REPORT.md). Never carries a score: scoring is pure and is replayed on stored evidence.
 * Parsing brings a report that an older grader stored into the form of today.
 */
export const gradingReportSchema = z
  .strictObject({
    schema: z.literal(REPORT_SCHEMA_ID).default(REPORT_SCHEMA_ID),
    version: z.literal(1),
    outcome: z.enum(RUN_OUTCOMES),
    /** Null exactly when the run was graded. */
    reason: runReasonSchema.nullable(),
    /** Empty unless the run was graded. */
    checks: z.array(checkResultSchema),
    /** Static findings on the submission as a whole. */
    findings: z.array(findingSchema),
    provenance: reportProvenanceSchema,
    timings: reportTimingsSchema,
  })
  .superRefine((report, context) => {
    for (const [path, message] of contradictions(report)) context.addIssue({ code: 'custom', path: [path], message });
  });

function contradictions(report: {
  readonly outcome: RunOutcome;
  readonly reason: unknown;
  readonly checks: readonly { readonly id: string }[];
}): [path: string, message: string][] {
  const found: [string, string][] = [];
  if (report.outcome === 'graded') {
    if (report.reason !== null) found.push(['reason', 'a graded run has no reason for having no grade']);
    if (new Set(report.checks.map(({ id }) => id)).size < report.checks.length) found.push(['checks', 'an id is there twice']);
    return found;
  }
  if (report.reason === null) found.push(['reason', `a run that ended as "${report.outcome}" needs a reason`]);
  if (report.checks.length > 0) found.push(['checks', `a run that ended as "${report.outcome}" has no checks`]);
  return found;
}

/** What travels on the reports queue. */
export const gradingReportMessageSchema = z.strictObject({
  version: z.literal(1),
  runId: z.uuid(),
  organisationId: z.uuid(),
  report: gradingReportSchema,
});

export type Exchange = z.infer<typeof exchangeSchema>;
export type EvidenceRecord = z.infer<typeof evidenceRecordSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type CheckEvidence = z.infer<typeof checkEvidenceSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;
export type RunReason = z.infer<typeof runReasonSchema>;
export type GradingReport = z.infer<typeof gradingReportSchema>;
export type GradingReportMessage = z.infer<typeof gradingReportMessageSchema>;
