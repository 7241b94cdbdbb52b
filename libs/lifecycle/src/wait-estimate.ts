/** What is measured of a queue. */
export interface QueueMeasures {
  /** Waiting jobs whose turn comes before. */
  readonly ahead: number;
  /** Jobs that are worked on at a time; 0 when no worker is at work. */
  readonly slots: number;
  /** How long the last jobs took, in milliseconds. */
  readonly recentMs: readonly number[];
}

/** Time until a job begins, in whole seconds. */
export interface WaitEstimate {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Fewer measured jobs than this say nothing. */
const FEWEST_MEASURED = 3;

/**
 * When a waiting job's turn comes, from what was measured; null when that is too little. The early end takes the quicker jobs and a slot
 * that becomes free at once, the late end the slower ones and slots that have only just begun.
 */
export function estimateWait({ ahead, slots, recentMs }: QueueMeasures): WaitEstimate | null {
  if (slots < 1 || recentMs.length < FEWEST_MEASURED) return null;
  const sorted = [...recentMs].sort((a, b) => a - b);
  const rounds = Math.floor(ahead / slots);
  return {
    fromSeconds: Math.floor((rounds * quantile(sorted, 0.25)) / 1000),
    toSeconds: Math.ceil(((rounds + 1) * quantile(sorted, 0.9)) / 1000),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
