import { readFile } from 'node:fs/promises';

/** Between two looks at a start, in milliseconds. */
const LOOK_MS = 250;
/** A look that is later than this tells that the judge itself stood still. */
const LATE_MS = 100;
/** A machine that holds a start up for so long, all in all, is broken. */
const PATIENCE_MS = 5 * 60_000;
/** Kernel clock ticks are hundredths of a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** What a process had of the processors since it began, in milliseconds. */
interface ProcessorTime {
  readonly used: number;
  /** Ready to run, without a processor. */
  readonly waited: number;
}

/**
 * The time limit of a start. It counts the project's own time: while the machine gave it no processor, or stood still, its time did too.
 * Where nobody counts that, all time is its own.
 */
export class StartLimit {
  private own = 0;
  private last = performance.now();
  private readonly begin = this.last;
  private seen: ReadonlyMap<number, ProcessorTime> = new Map();
  private timer: NodeJS.Timeout | null = null;
  private isDone = false;

  /**
   * @param processIds of the project, on the host; null when nobody knows
   * @param onOver called once; `overloaded` when the machine and not the project took the time
   */
  constructor(
    private readonly limitMs: number,
    private readonly processIds: () => Promise<readonly number[] | null>,
    private readonly onOver: (how: 'over' | 'overloaded') => void,
  ) {
    this.arm();
  }

  stop(): void {
    this.isDone = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private arm(): void {
    if (this.isDone) return;
    const nap = Math.min(LOOK_MS, Math.ceil(this.limitMs - this.own));
    this.timer = setTimeout(() => void this.look(nap), nap);
  }

  private async look(nap: number): Promise<void> {
    const now = performance.now();
    const passed = now - this.last;
    this.last = now;
    // Meanwhile what arrived while this process stood still is read.
    const waited = await this.waited(passed).catch(() => 0);
    const stoodStill = Math.max(0, passed - nap - LATE_MS);
    this.own += passed - Math.min(passed, Math.max(waited, stoodStill));
    if (this.isDone) return;
    if (this.own >= this.limitMs) this.finish('over');
    else if (now - this.begin > this.limitMs + PATIENCE_MS) this.finish('overloaded');
    else this.arm();
  }

  private finish(how: 'over' | 'overloaded'): void {
    this.stop();
    this.onOver(how);
  }

  /** What a project brings on itself by many processes of its own is no wait, since together they use a processor. */
  private async waited(passed: number): Promise<number> {
    const ids = (await this.processIds()) ?? [];
    const times = new Map(await Promise.all(ids.map(async (id) => [id, await processorTime(id)] as const)));
    const since = [...times].map(([id, time]) => ({
      used: time.used - (this.seen.get(id)?.used ?? 0),
      waited: time.waited - (this.seen.get(id)?.waited ?? 0),
    }));
    this.seen = times;
    const used = since.reduce((sum, time) => sum + time.used, 0);
    const longest = Math.max(0, ...since.map((time) => time.waited));
    return Math.max(0, Math.min(longest, passed - used));
  }
}

/** Format: proc_pid_stat(5), and `schedstat` with used, waited and turns of the main thread. All 0 when the process is gone. */
async function processorTime(pid: number): Promise<ProcessorTime> {
  const [stat = '', schedule = ''] = await Promise.all(
    ['stat', 'schedstat'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  // The name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return { used: ticks * MS_PER_TICK, waited: Number(schedule.split(' ')[1] ?? 0) / 1e6 };
}
