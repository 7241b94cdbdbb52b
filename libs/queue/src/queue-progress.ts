import { gradingProgressSchema } from '@assay/contracts/grading-progress';
import { practiceProgressSchema } from '@assay/contracts/practice-progress';
import {
  GRADING_JOBS_QUEUE,
  GRADING_REPORTS_QUEUE,
  PRACTICE_JOBS_QUEUE,
  PRACTICE_REPORTS_QUEUE,
  type QueueName,
} from '@assay/contracts/queues';
import { z } from 'zod';

/** What workers say of the jobs of each queue while they are at them. */
const PROGRESS_SCHEMAS = {
  [GRADING_JOBS_QUEUE]: gradingProgressSchema,
  [GRADING_REPORTS_QUEUE]: z.never(),
  [PRACTICE_JOBS_QUEUE]: practiceProgressSchema,
  [PRACTICE_REPORTS_QUEUE]: z.never(),
} as const satisfies Record<QueueName, z.ZodType>;

export type ProgressOf<Name extends QueueName> = z.infer<(typeof PROGRESS_SCHEMAS)[Name]>;

/** The progress, or null for what does not have the queue's form. */
export function parseProgress<Name extends QueueName>(queue: Name, value: unknown): ProgressOf<Name> | null {
  const schema: z.ZodType = PROGRESS_SCHEMAS[queue];
  const parsed = schema.safeParse(value);
  return parsed.success ? (parsed.data as ProgressOf<Name>) : null;
}
