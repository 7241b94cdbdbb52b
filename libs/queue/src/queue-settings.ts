import {
  GRADING_JOBS_QUEUE,
  GRADING_REPORTS_QUEUE,
  PRACTICE_JOBS_QUEUE,
  PRACTICE_REPORTS_QUEUE,
  type QueueName,
} from '@assay/contracts/queues';

/** How soon a job's turn comes; within one priority the oldest is first. */
export type JobPriority = 'first' | 'normal' | 'last';

/** How one queue treats its jobs. Times in milliseconds unless the name says otherwise. */
export interface QueueSettings {
  /** Times that a job is tried in all before it counts as failed. */
  readonly attempts: number;
  /** Pause before the second attempt; it doubles before each further one. */
  readonly backoffMs: number;
  /** Share of the pause that is left to chance, so that jobs that failed together do not come back together. */
  readonly backoffJitter: number;
  /** Finished jobs are kept, so that the same id is not run again and people can look; no longer and no more than this. */
  readonly keepCompleted: { readonly ageSeconds: number; readonly count: number };
  readonly keepFailed: { readonly ageSeconds: number; readonly count: number };
  /** A worker that has not renewed its lock for so long is taken for dead. It renews at half of it. */
  readonly lockMs: number;
  /** How often workers look for jobs of dead workers. */
  readonly stalledCheckMs: number;
  /** Times that a job may be taken over from a dead worker; once more and it counts as failed, for it may be what kills them. */
  readonly maxTakeovers: number;
  /** The queue engine's number for each priority: 1 is first, a higher number later. */
  readonly priorities: Readonly<Record<JobPriority, number>>;
  /** About so many of the newest events are kept, progress among them, for listeners that lost their connection for a moment. */
  readonly keptEvents: number;
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const PRIORITIES = { first: 1, normal: 5, last: 10 } as const;

// An API that restarts or a database that is away is back within minutes: with these pauses a run is tried for about four.
const JOBS: QueueSettings = {
  attempts: 8,
  backoffMs: 2_000,
  backoffJitter: 0.25,
  keepCompleted: { ageSeconds: HOUR_SECONDS, count: 1_000 },
  keepFailed: { ageSeconds: 7 * DAY_SECONDS, count: 1_000 },
  lockMs: 15_000,
  stalledCheckMs: 5_000,
  maxTakeovers: 3,
  priorities: PRIORITIES,
  keptEvents: 10_000,
};

// What the API does with a report takes milliseconds and fails only with its database, so it is tried for about five minutes.
const REPORTS: QueueSettings = { ...JOBS, attempts: 9, backoffMs: 1_000, maxTakeovers: 10 };

/** The settings of every queue. A queue without settings is a compile error. */
export const QUEUE_SETTINGS: Readonly<Record<QueueName, QueueSettings>> = {
  [GRADING_JOBS_QUEUE]: JOBS,
  [GRADING_REPORTS_QUEUE]: REPORTS,
  // Somebody sits and waits: after three attempts within seconds it is better to say that it does not work.
  [PRACTICE_JOBS_QUEUE]: { ...JOBS, attempts: 3, backoffMs: 1_000, keptEvents: 1_000 },
  [PRACTICE_REPORTS_QUEUE]: { ...REPORTS, keepCompleted: { ageSeconds: HOUR_SECONDS, count: 100 } },
};
