import { within } from '@assay/queue/deadline';

const LOOK_EVERY_MS = 1_000;
const CLOSE_MS = 2_000;

/** Work that is done once a second and at once when somebody says so, one pass after the other. */
export class WakingLoop {
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  /** @param onError told of a pass that failed; the next one comes all the same */
  constructor(
    private readonly pass: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** Begins a pass now, or right after the one that is under way. Never throws. */
  wake(): void {
    if (this.stopped) return;
    if (this.working) {
      this.again = true;
      return;
    }
    this.again = false;
    this.working = this.pass()
      .catch(this.onError)
      .finally(() => {
        this.working = null;
        if (this.again) this.wake();
      });
  }

  /** Begins no further pass and waits, not for long, for the one that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    if (this.working) await within(this.working, CLOSE_MS);
  }
}
