import type { ProcessStatus } from './process-status';

/** Between two looks at a judge process, in milliseconds. */
export const LOOK_MS = 250;
/** Processor time after which code that never pauses is a loop. No step of a check takes a tenth of it. */
const MAX_STEP_MS = 3_000;
/** Looks in a row at a process that sleeps and does not answer, after which it never will. */
const MAX_ASLEEP = 40;
/** Looks in a row without an answer from a process that gets no processor. */
const MAX_SILENT = 480;
const MAX_MEMORY_BYTES = 640 * 1024 * 1024;

/** What is wrong with a judge process: its code does not pause, it uses up memory, or nobody knows. */
export type JudgeTrouble = { readonly kind: 'loops' | 'eats-memory' | 'silent'; readonly detail: string };

/**
 * Judges from outside whether a judge process still works: one whose event loop turns answers a ping at once. What counts is its own
 * processor time, so that a busy machine makes no check look like a loop.
 */
export class JudgeWatch {
  private isWaiting = false;
  private usedAtPing = 0;
  private usedAtLook = 0;
  private looksAsleep = 0;
  private looksSilent = 0;

  /** @param ping sends one */
  constructor(private readonly ping: () => void) {}

  answered(): void {
    this.isWaiting = false;
  }

  /** @param status null when nothing is known of the process */
  look(status: ProcessStatus | null): JudgeTrouble | null {
    const used = status?.usedMs ?? 0;
    if (!this.isWaiting) this.begin(used);
    if (status && status.memoryBytes > MAX_MEMORY_BYTES) {
      return { kind: 'eats-memory', detail: `used more than ${MAX_MEMORY_BYTES / 1024 / 1024} MiB of memory` };
    }
    const isAsleep = status !== null && 'SD'.includes(status.state) && used === this.usedAtLook;
    this.usedAtLook = used;
    this.looksAsleep = isAsleep ? this.looksAsleep + 1 : 0;
    this.looksSilent += 1;
    if (used - this.usedAtPing > MAX_STEP_MS) {
      return { kind: 'loops', detail: `ran for more than ${MAX_STEP_MS / 1000} seconds without a pause` };
    }
    if (this.looksAsleep > MAX_ASLEEP) return { kind: 'loops', detail: 'blocks for ever' };
    if (this.looksSilent > MAX_SILENT) return { kind: 'silent', detail: 'gave no sign of life' };
    return null;
  }

  private begin(used: number): void {
    this.isWaiting = true;
    this.usedAtPing = used;
    this.looksAsleep = 0;
    this.looksSilent = 0;
    this.ping();
  }
}
