import { z } from 'zod';

/** Where a worker is with a run. A courtesy to who waits: it may be lost, and nothing may depend on it. */
export const gradingProgressSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('fetching') }),
  z.strictObject({ phase: z.literal('starting') }),
  /** `done` of `total` checks are finished. */
  z.strictObject({ phase: z.literal('checking'), done: z.int().nonnegative(), total: z.int().nonnegative() }),
  z.strictObject({ phase: z.literal('reporting') }),
]);

export type GradingProgress = z.infer<typeof gradingProgressSchema>;
