import { z } from 'zod';
import { practiceCheckSchema } from './practice-report';

/** A check of a run that goes on: without its message, so that progress stays small whatever a project prints. */
export const practiceStepSchema = practiceCheckSchema.omit({ message: true });

/**
 * Where a worker is with a practice run, whole each time, so that a lost or repeated one does no harm. As with `GradingProgress`, nothing
 * may depend on it.
 */
export const practiceProgressSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('fetching') }),
  z.strictObject({ phase: z.literal('starting') }),
  z.strictObject({
    phase: z.literal('checking'),
    /** Checks that have ended. */
    done: z.int().nonnegative(),
    /** Checks that there are, null while nobody knows. */
    total: z.int().nonnegative().nullable(),
    /** The ones that ended last, oldest first: all of them as a rule, fewer where there are very many. */
    steps: z.array(practiceStepSchema),
  }),
  z.strictObject({ phase: z.literal('reporting') }),
]);

export type PracticeStep = z.infer<typeof practiceStepSchema>;
export type PracticeProgress = z.infer<typeof practiceProgressSchema>;
