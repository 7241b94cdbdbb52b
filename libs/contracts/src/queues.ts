/** Every queue of the product. The job id of a grading job and of its report is the id of the grading run. */
export const GRADING_JOBS_QUEUE = 'grading-jobs';
export const GRADING_REPORTS_QUEUE = 'grading-reports';

export type QueueName = typeof GRADING_JOBS_QUEUE | typeof GRADING_REPORTS_QUEUE;
