import { z } from 'zod';

/**
 * How a practice run ended. `finished`: the visible checks ran to their end, passed or not. `unstartable`: they did not get that far, for
 * a reason in the project. Only `infra_fault` is ours: it is tried again and counts against no limit.
 */
export const PRACTICE_OUTCOMES = ['finished', 'unstartable', 'timed_out', 'infra_fault', 'cancelled'] as const;
export type PracticeOutcome = (typeof PRACTICE_OUTCOMES)[number];

export const PRACTICE_CHECK_OUTCOMES = ['passed', 'failed', 'errored', 'skipped'] as const;

/** Bounds of what a project may say in a practice run. Lengths in characters. */
export const PRACTICE_LIMITS = {
  checks: 300,
  id: 200,
  message: 2_000,
  /** The end of what the run printed. */
  output: 8_000,
} as const;

/**
 * One visible check as the project's own process told of it. It runs beside the project's code, so nothing here is proof of anything:
 * it is shown to the candidate and never scored.
 */
export const practiceCheckSchema = z.strictObject({
  /** As pytest names it, relative to the pack's `visible-checks/`, for example `test_orders.py::test_orders_of_others_are_hidden`. */
  id: z.string().min(1).max(PRACTICE_LIMITS.id),
  outcome: z.enum(PRACTICE_CHECK_OUTCOMES),
  durationMs: z.int().nonnegative(),
  /** Why it did not pass, empty when it did. */
  message: z.string().max(PRACTICE_LIMITS.message),
});

/** Result of one practice run, version 1. */
export const practiceReportSchema = z.strictObject({
  version: z.literal(1),
  outcome: z.enum(PRACTICE_OUTCOMES),
  /** Why the checks did not run to their end, else null. */
  reason: z.strictObject({ code: z.string().max(100), message: z.string().max(2_000) }).nullable(),
  /** What an operator needs to know of a fault of ours; never shown to the candidate. */
  faultDetail: z.string().max(2_000).nullable(),
  checks: z.array(practiceCheckSchema).max(PRACTICE_LIMITS.checks),
  /** Checks that ran beyond those listed. */
  unlistedChecks: z.int().nonnegative(),
  /** The end of what the run printed, sanitised. */
  output: z.string().max(PRACTICE_LIMITS.output),
  provenance: z.strictObject({
    pack: z.strictObject({ slug: z.string(), version: z.string(), contentHash: z.string() }),
    runtimeLockHash: z.string(),
    graderVersion: z.string(),
    sandboxDriver: z.string(),
    python: z.string(),
  }),
  /** Whole milliseconds. */
  timings: z.strictObject({
    queueMs: z.int().nonnegative().nullable(),
    /** Unpacking and database, until the first check could run. */
    startMs: z.int().nonnegative(),
    totalMs: z.int().nonnegative(),
  }),
});

/** What travels on the queue of practice reports. */
export const practiceReportMessageSchema = z.strictObject({
  version: z.literal(1),
  runId: z.uuid(),
  organisationId: z.uuid(),
  report: practiceReportSchema,
});

export type PracticeCheck = z.infer<typeof practiceCheckSchema>;
export type PracticeReport = z.infer<typeof practiceReportSchema>;
export type PracticeReportMessage = z.infer<typeof practiceReportMessageSchema>;
