const HOUR_MS = 3_600_000;

/** How many practice runs may still be started, and when the next one may be. */
export interface PracticeAllowance {
  readonly perHour: number;
  readonly left: number;
  /** Null while some are left. */
  readonly nextAt: Date | null;
}

/**
 * Practice runs that are left in a sliding hour.
 *
 * @param requestedAt moments at which the runs of the last hour were asked for, those that failed on our side left out; in any order
 */
export function practiceAllowance(requestedAt: readonly Date[], perHour: number, now: Date): PracticeAllowance {
  const counted = requestedAt
    .map((moment) => moment.getTime())
    .filter((moment) => moment > now.getTime() - HOUR_MS)
    .sort((a, b) => a - b);
  const left = Math.max(0, perHour - counted.length);
  const freeing = counted[counted.length - perHour];
  return { perHour, left, nextAt: left > 0 || freeing === undefined ? null : new Date(freeing + HOUR_MS) };
}
