import { setImmediate as afterReading } from 'node:timers/promises';

/** Milliseconds since the start of each process of a sandbox. */
export interface ProcessorUse {
  /** Of all of them together. */
  readonly usedMs: number;
  /** Time that each was ready to run and got no processor, by process id. */
  readonly waitedMs: Readonly<Record<string, number>>;
}

/** Null where nobody can tell. */
export type ProcessorSampler = () => Promise<ProcessorUse | null>;
/** `overloaded`: the project waited so long for a processor that its time cannot be told. */
export type TimeUp = 'over' | 'overloaded';

/** The part of the limit after which the project is looked at for the first time: most requests are long answered then. */
const FIRST_LOOK = 1 / 8;
/** A wait shorter than this part of the limit is no reason for more time. */
const NOTABLE = 1 / 50;
/** The timer looks at the clock this often; a look that is later by so much tells that this process, and likely the machine, stood still. */
const NAP_MS = 250;
const LATE_MS = 100;
/** A machine that gives a project no processor for so long, all in all, is broken. */
const PATIENCE_MS = 5 * 60_000;

/**
 * A time limit for a project that counts the project's own time: while it was ready to run and the machine gave it no processor, or all
 * of the machine stood still (a container that is paused), its time did too. What it brings on itself by many processes of its own is no such wait, since together they use a processor.
 */
export class FairTimer {
  private used = 0;
  private since: number | null = null;
  /** Time since then in which this process stood still. */
  private stood = 0;
  private timer: NodeJS.Timeout | null = null;
  private first: ProcessorUse | null | 'none yet' = 'none yet';
  private forgiven = 0;
  private isDone = false;

  /** Does not run before `resume`. @param onTimeUp called once @param patienceMs longest wait that is made up for */
  constructor(
    private readonly limitMs: number,
    private readonly sample: ProcessorSampler,
    private readonly onTimeUp: (how: TimeUp) => void,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  resume(): void {
    if (this.isDone || this.since !== null) return;
    this.since = performance.now();
    this.arm();
  }

  pause(): void {
    this.used = this.elapsed();
    this.since = null;
    this.stood = 0;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** It never fires after this. */
  stop(): void {
    this.isDone = true;
    this.pause();
  }

  private elapsed(): number {
    return this.used + (this.since === null ? 0 : performance.now() - this.since - this.stood);
  }

  private arm(): void {
    if (this.isDone || this.since === null) return;
    if (this.timer) clearTimeout(this.timer);
    const next = this.first === 'none yet' ? this.limitMs * FIRST_LOOK : this.limitMs + this.forgiven;
    // Rounded up: a timer that fires early would look at the limit before it is reached.
    const nap = Math.min(NAP_MS, Math.max(0, Math.ceil(next - this.elapsed())));
    const due = performance.now() + nap;
    this.timer = setTimeout(() => {
      const late = performance.now() - due;
      if (late > LATE_MS) this.stood += late;
      if (this.elapsed() < next) this.arm();
      else void this.look();
    }, nap);
  }

  private async look(): Promise<void> {
    const { first } = this;
    const now = await this.sample().catch(() => null);
    if (first === 'none yet') {
      this.first = now;
      this.arm();
      return;
    }
    // This process may have waited as well: what arrived meanwhile is read before the time is up.
    await afterReading();
    if (this.isDone || this.since === null) return;
    const waited = first && now ? waitOf(first, now, this.elapsed()) : 0;
    if (waited - this.forgiven < this.limitMs * NOTABLE) this.finish('over');
    else if (waited > this.patienceMs) this.finish('overloaded');
    else {
      this.forgiven = waited;
      this.arm();
    }
  }

  private finish(how: TimeUp): void {
    this.stop();
    this.onTimeUp(how);
  }
}

/** Milliseconds of `elapsed` that the machine and not the project is to answer for. */
export function waitOf(before: ProcessorUse, now: ProcessorUse, elapsed: number): number {
  const used = now.usedMs - before.usedMs;
  const waits = Object.entries(now.waitedMs).map(([id, waited]) => waited - (before.waitedMs[id] ?? 0));
  return Math.max(0, Math.min(Math.max(0, ...waits), elapsed - used));
}
