import type { PracticeStep } from '@assay/contracts/practice-progress';
import { PRACTICE_LIMITS, type PracticeCheck } from '@assay/contracts/practice-report';
import { z } from 'zod';
import { shownText } from './shown-text';

/** Nothing runs longer; what says so is cut. */
const LONGEST_DURATION_MS = 3_600_000;

/** Of the checks that a progress tells of, in characters: it goes to a stream that is kept for a while. */
const MAX_STEPS_TEXT = 8_000;

const lineSchema = z.union([
  z.object({ collected: z.int().min(0).max(100_000) }),
  z.object({
    check: z.string().min(1),
    outcome: z.enum(['passed', 'failed', 'errored', 'skipped']),
    ms: z.number().min(0),
    message: z.string(),
  }),
  z.object({ over: z.int() }),
]);

/**
 * What a practice run tells while it goes on (`assets/programs/run_visible_checks.py` of the sandbox). Any code of the project can write
 * the same lines, so all of it is bounded and cleaned and none of it is evidence; what is no such line is passed over.
 */
export class PracticeLines {
  private readonly known = new Map<string, PracticeCheck>();
  private readonly lastSteps: PracticeStep[] = [];
  private stepsText = 0;
  private unlistedCount = 0;
  private collected: number | null = null;
  private over = false;

  /** Takes one line; returns whether it told something new. */
  take(line: string): boolean {
    const parsed = lineSchema.safeParse(parseJson(line));
    if (!parsed.success) return false;
    const told = parsed.data;
    if ('collected' in told) this.collected = told.collected;
    else if ('over' in told) this.over = true;
    else this.takeCheck(told);
    return true;
  }

  /** In the order in which they were told of. */
  get checks(): PracticeCheck[] {
    return [...this.known.values()];
  }

  /** Checks that have ended. */
  get done(): number {
    return this.known.size + this.unlistedCount;
  }

  /** The last of them that fit into a progress, oldest first. */
  get steps(): PracticeStep[] {
    return [...this.lastSteps];
  }

  /** Checks beyond those that are listed. */
  get unlisted(): number {
    return this.unlistedCount;
  }

  /** Checks that there are, null while nobody knows; never fewer than have ended. */
  get total(): number | null {
    return this.collected === null ? null : Math.max(this.collected, this.done);
  }

  /** Whether the run said that it came to its end. */
  get isOver(): boolean {
    return this.over;
  }

  private takeCheck({
    check,
    outcome,
    ms,
    message,
  }: {
    check: string;
    outcome: PracticeCheck['outcome'];
    ms: number;
    message: string;
  }) {
    const id = shownText(check, PRACTICE_LIMITS.id).replaceAll('\n', ' ') || '?';
    if (!this.known.has(id) && this.known.size >= PRACTICE_LIMITS.checks) {
      this.unlistedCount += 1;
      return;
    }
    const step = { id, outcome, durationMs: Math.round(Math.min(ms, LONGEST_DURATION_MS)) };
    if (!this.known.has(id)) this.remember(step);
    this.known.set(id, { ...step, message: shownText(message, PRACTICE_LIMITS.message) });
  }

  private remember(step: PracticeStep): void {
    this.lastSteps.push(step);
    this.stepsText += JSON.stringify(step).length;
    while (this.stepsText > MAX_STEPS_TEXT) this.stepsText -= JSON.stringify(this.lastSteps.shift()).length;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
