import { z } from 'zod';
import { CRITERION_IDS, type CriterionId } from './rubric-ids';

/** `error`: to be mended before production. `warning`: weak. `note`: worth knowing. */
export const AUDIT_SEVERITIES = ['error', 'warning', 'note'] as const;
export type AuditSeverity = (typeof AUDIT_SEVERITIES)[number];

/** How sure it is that a careful reader would agree. */
export const AUDIT_CONFIDENCES = ['high', 'medium', 'low'] as const;
export type AuditConfidence = (typeof AUDIT_CONFIDENCES)[number];

const criterion = z.enum(CRITERION_IDS as [CriterionId, ...CriterionId[]]);

/** One finding of the audit of a project's files. Never holds a secret. */
export const auditFindingSchema = z.strictObject({
  /** Stable id `<detector>/<what>`, for example `settings/debug-on`. */
  rule: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
  criterion,
  severity: z.enum(AUDIT_SEVERITIES),
  confidence: z.enum(AUDIT_CONFIDENCES),
  /** Number in the Common Weakness Enumeration, null where none fits. */
  cwe: z.int().positive().nullable(),
  /** Path in the project, with `/`. */
  file: z.string(),
  /** Counts from 1; 1 also for the whole file. */
  line: z.int().positive(),
  /** What is there, in one sentence. */
  message: z.string(),
  /** What can come of it, or what to do instead. */
  why: z.string(),
  /** sha256 (hex) of rule, file, the line's text and its number among equal ones: stays when lines move. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditFinding = z.infer<typeof auditFindingSchema>;

/** What `npm run grade -- --audit` found, version 1. The same files give the same report. */
export const auditReportSchema = z.strictObject({
  version: z.literal(1),
  outcome: z.enum(['audited', 'ungradable']),
  /** Why it cannot be judged; null when it was. */
  reason: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  source: z.strictObject({
    kind: z.enum(['folder', 'repository']),
    /** Name of the folder, or address of the repository without credentials. */
    name: z.string(),
    commit: z.string().nullable(),
  }),
  project: z
    .strictObject({
      /** Folder of manage.py, '' for the top. */
      manageFolder: z.string().nullable(),
      /** File of the settings that were taken for production's; null when there are none. */
      settingsFile: z.string().nullable(),
      settingsChosenBecause: z.string().nullable(),
    })
    .nullable(),
  /** What was read, for example `{ what: 'Python files', count: 120 }`. */
  lookedAt: z.array(z.strictObject({ what: z.string(), count: z.int().nonnegative() })),
  /** What was not read and why: too large, too many, unreadable. */
  leftOut: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  /** Sorted by criterion, then severity, file and line. */
  findings: z.array(auditFindingSchema),
  /** What of areas C, D and E files alone do not tell. */
  notJudged: z.array(z.strictObject({ criterion, why: z.string() })),
  auditorVersion: z.string(),
});
export type AuditReport = z.infer<typeof auditReportSchema>;
