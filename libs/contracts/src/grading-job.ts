import { z } from 'zod';

/**
 * What the API asks of a worker: grade one submission against one task pack. Carries no database credentials: the archive is
 * fetched from `archive.url` with `archive.token`, which opens this run's archive and nothing else.
 */
export const gradingJobSchema = z.strictObject({
  version: z.literal(1),
  runId: z.uuid(),
  organisationId: z.uuid(),
  submissionId: z.uuid(),
  /** Time at which the run was asked for, RFC 3339 in UTC; queue time is measured from here. */
  requestedAt: z.iso.datetime(),
  pack: z.strictObject({
    slug: z.string().min(1),
    version: z.string().min(1),
    /** sha256 (hex) of the pack's content; a worker that holds another content refuses with an infrastructure fault. */
    contentHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  archive: z.strictObject({
    url: z.url(),
    token: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().positive(),
  }),
});

export type GradingJob = z.infer<typeof gradingJobSchema>;
