import { gradingJobSchema } from '@assay/contracts/grading-job';
import { gradingReportMessageSchema } from '@assay/contracts/grading-report';
import { practiceJobSchema } from '@assay/contracts/practice-job';
import { practiceReportMessageSchema } from '@assay/contracts/practice-report';
import {
  GRADING_JOBS_QUEUE,
  GRADING_REPORTS_QUEUE,
  PRACTICE_JOBS_QUEUE,
  PRACTICE_REPORTS_QUEUE,
  type QueueName,
} from '@assay/contracts/queues';
import { z } from 'zod';

/** What travels on each queue. A queue without a schema is a compile error. */
const PAYLOAD_SCHEMAS = {
  [GRADING_JOBS_QUEUE]: gradingJobSchema,
  [GRADING_REPORTS_QUEUE]: gradingReportMessageSchema,
  [PRACTICE_JOBS_QUEUE]: practiceJobSchema,
  [PRACTICE_REPORTS_QUEUE]: practiceReportMessageSchema,
} as const satisfies Record<QueueName, z.ZodType<{ runId: string }>>;

export type PayloadOf<Name extends QueueName> = z.infer<(typeof PAYLOAD_SCHEMAS)[Name]>;

/** A message that does not have the form its queue asks for. Trying again cannot help. */
export class MalformedPayload extends Error {
  override readonly name = 'MalformedPayload';
}

/** @throws MalformedPayload naming every field that is wrong, never its content. */
export function parsePayload<Name extends QueueName>(queue: Name, value: unknown): PayloadOf<Name> {
  const schema: z.ZodType = PAYLOAD_SCHEMAS[queue];
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as PayloadOf<Name>;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(message)'}: ${issue.message}`);
  throw new MalformedPayload(`Malformed message on queue ${queue}: ${problems.slice(0, 10).join('; ')}`);
}
