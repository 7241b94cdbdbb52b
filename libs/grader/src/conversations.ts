import type { FairTimer } from './fair-timer';

const TICK_MS = 250;
/** Ticks in a row without any conversation after which a check is known to wait for nothing. */
const IDLE_TICKS = 8;

/** Keeps account of the conversations of a run with the project and its database. */
export class Conversations {
  private readonly running = new Set<Promise<unknown>>();
  /** Waits for something of ours, which take no time of the project. */
  private readonly asides = new Set<Promise<unknown>>();
  private begun = 0;
  private timer: FairTimer | null = null;

  /** From now on all conversations together have the time of this timer; what checks compute in between is not the project's. */
  limitBy(timer: FairTimer): void {
    this.timer = timer;
    if (this.running.size > 0) timer.resume();
  }

  /** Runs `work`, which speaks with the project or the database. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.timer?.resume();
    this.begun += 1;
    const conversation = work();
    this.running.add(conversation);
    try {
      return await conversation;
    } finally {
      this.running.delete(conversation);
      if (this.running.size === 0) this.timer?.pause();
    }
  }

  /** As `during`, while a sandbox is made or ended: that is no time of the project. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.begun += 1;
    const wait = work();
    this.asides.add(wait);
    try {
      return await wait;
    } finally {
      this.asides.delete(wait);
    }
  }

  /** Resolves when none is going on. */
  async ended(): Promise<void> {
    while (this.running.size + this.asides.size > 0) await Promise.allSettled([...this.running, ...this.asides]);
  }

  /**
   * `work`, or `fault()` when it goes on without any conversation. A check has nothing else to wait for (no timers, no files), so that it
   * would never end. Counted in turns of the event loop, not in time: a machine that stands still makes nothing idle.
   */
  async guard<T>(work: Promise<T>, fault: () => Error): Promise<T> {
    let ticks = 0;
    let seen = this.begun;
    let clock: NodeJS.Timeout | undefined;
    const idle = new Promise<never>((_, reject) => {
      clock = setInterval(() => {
        ticks = this.running.size + this.asides.size === 0 && this.begun === seen ? ticks + 1 : 0;
        seen = this.begun;
        if (ticks >= IDLE_TICKS) reject(fault());
      }, TICK_MS);
    });
    try {
      return await Promise.race([work, idle]);
    } finally {
      clearInterval(clock);
    }
  }
}
