import type { PracticeProgress } from '@assay/contracts/practice-progress';

/** Time between two tellings of one run, in milliseconds: what a project can make us say in between is not said. */
const LEAST_MS = 250;

/** Tells where a run is, the newest only and not too often: each progress holds all that those before it held. */
export class LatestProgress {
  private waiting: PracticeProgress | null = null;
  private timer: NodeJS.Timeout | null = null;
  private last: Promise<void> = Promise.resolve();

  /** @param send must not reject */
  constructor(private readonly send: (progress: PracticeProgress) => Promise<void>) {}

  tell(progress: PracticeProgress): void {
    this.waiting = progress;
    if (this.timer === null) this.sendNow();
  }

  /** Resolves when all that was told has been sent; nothing may be told after. */
  async told(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.sendWaiting();
    await this.last;
  }

  private sendNow(): void {
    this.sendWaiting();
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.waiting !== null) this.sendNow();
    }, LEAST_MS);
  }

  private sendWaiting(): void {
    const progress = this.waiting;
    this.waiting = null;
    if (progress !== null) this.last = this.last.then(() => this.send(progress));
  }
}
