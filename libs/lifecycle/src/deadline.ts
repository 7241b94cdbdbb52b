const MILLISECONDS_PER_MINUTE = 60_000;

/**
 * When the work must be in: the end of the time box or the closing time, whichever comes first. Null when neither applies yet.
 *
 * @param startedAt when the candidate accepted, null before that
 * @param closesAt when the evaluation closes for everyone, null for never
 */
export function deadline(startedAt: Date | null, timeBoxMinutes: number, closesAt: Date | null): Date | null {
  const timeBoxEnd = startedAt === null ? null : new Date(startedAt.getTime() + timeBoxMinutes * MILLISECONDS_PER_MINUTE);
  if (timeBoxEnd === null || closesAt === null) return timeBoxEnd ?? closesAt;
  return timeBoxEnd < closesAt ? timeBoxEnd : closesAt;
}

/** True from the very moment of the deadline on. */
export function isPast(moment: Date | null, now: Date): boolean {
  return moment !== null && now.getTime() >= moment.getTime();
}

/**
 * Milliseconds that a candidate has left, never below 0; 0 means that a submission comes too late. Before the start it is the time
 * box, shortened when the evaluation closes earlier.
 */
export function timeLeft(startedAt: Date | null, timeBoxMinutes: number, closesAt: Date | null, now: Date): number {
  const until = deadline(startedAt ?? now, timeBoxMinutes, closesAt) ?? now;
  return Math.max(0, until.getTime() - now.getTime());
}
