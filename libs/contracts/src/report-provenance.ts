import { z } from 'zod';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Limits that were in force, those of the pack and those of every sandbox. */
const limitsSchema = z.strictObject({
  startSeconds: z.number().positive(),
  runSeconds: z.number().positive(),
  requestSeconds: z.number().positive(),
  memoryMiB: z.number().positive(),
  processes: z.int().positive(),
  cpuSeconds: z.number().positive(),
  fileMiB: z.number().positive(),
  openFiles: z.int().positive(),
  logBytes: z.int().positive(),
});

/** What this or that was is not known: the report is older than the field, or the run never got that far. */
const unknownBefore = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/**
 * Everything that is needed to repeat a grade. Null stands for "not known", never for "none". What newer graders tell has a default, so
 * that reports which were stored by older ones are read in the form of today.
 */
export const reportProvenanceSchema = z.strictObject({
  pack: z.strictObject({ slug: z.string(), version: z.string(), contentHash: sha256Schema }),
  /** sha256 over paths and contents of what was handed in; of the archive when it could not be unpacked. */
  submissionHash: sha256Schema,
  /** sha256 of the archive's bytes; null also when a plain folder was graded. */
  archiveSha256: unknownBefore(sha256Schema),
  /** sha256 of the Python runtime's lockfile, which pins every package with its hash. */
  runtimeLockHash: sha256Schema,
  python: z.string(),
  /** Version that the lockfile pins. */
  django: unknownBefore(z.string()),
  postgres: z.string(),
  /** Version; null also when the pack uses none. */
  redis: unknownBefore(z.string()),
  graderVersion: z.string(),
  /** Commit of the source tree that the grader ran from, when it ran from one. */
  graderCommit: unknownBefore(z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)),
  sandboxDriver: z.string(),
  /** Ids of the layers that the machine could not give, see `npm run doctor`; none of them is required. */
  sandboxLayersMissing: unknownBefore(z.array(z.string())),
  /** Version of Node, which ran the judge. */
  node: unknownBefore(z.string()),
  /** For example `x64`. */
  architecture: unknownBefore(z.string()),
  /** System and release, for example `Linux 6.12.9`. */
  kernel: unknownBefore(z.string()),
  limits: unknownBefore(limitsSchema),
  /** Of the submission's process. */
  locale: unknownBefore(z.string()),
  timezone: unknownBefore(z.string()),
});

export type ReportProvenance = z.infer<typeof reportProvenanceSchema>;
export type LimitsInForce = NonNullable<ReportProvenance['limits']>;

/** The provenance of before 2026-11, completed with what is not known. For tests and tools that make reports of their own. */
export type ProvenanceInput = z.input<typeof reportProvenanceSchema>;
