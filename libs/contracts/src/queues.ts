/** Every queue of the product. The job id of a grading job and of its report is the id of the grading run. */
export const GRADING_JOBS_QUEUE = 'grading-jobs';
export const GRADING_REPORTS_QUEUE = 'grading-reports';
/** Practice has queues and slots of its own, so that it never waits behind grades nor holds one up. The job id is the practice run's. */
export const PRACTICE_JOBS_QUEUE = 'practice-jobs';
export const PRACTICE_REPORTS_QUEUE = 'practice-reports';

export type QueueName =
  | typeof GRADING_JOBS_QUEUE
  | typeof GRADING_REPORTS_QUEUE
  | typeof PRACTICE_JOBS_QUEUE
  | typeof PRACTICE_REPORTS_QUEUE;
