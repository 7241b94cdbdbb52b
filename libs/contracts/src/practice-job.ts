import { z } from 'zod';
import { gradingJobSchema } from './grading-job';

/** What the API asks of a worker: run a pack's visible checks on one archive. `runId` is the practice run's. */
export const practiceJobSchema = gradingJobSchema.omit({ submissionId: true });

export type PracticeJob = z.infer<typeof practiceJobSchema>;
