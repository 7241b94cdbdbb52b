import { setTimeout as sleep } from 'node:timers/promises';
import { FairTimer, type ProcessorSampler, type ProcessorUse } from '../fair-timer';
import { effectOf, type StatementEffect } from '../statement-effect';
import type { GatedConnection, StatementGate } from '../statement-gate';

const TICK_MS = 2;
/** Turns of the loop between two questions to the database. */
const TICKS_PER_LOOK = 3;
/** A project that neither asks its database nor computes for so long waits for something else. */
const QUIET_MS = 150;
const QUIET_LOOKS = 2;
/** The same where nobody can tell what its processes do. */
const BLIND_QUIET_LOOKS = 4;
/** Processor time in which a project does nothing to speak of, in milliseconds: some ask again and again for what they wait for. */
const IDLE_MS = 30;

/**
 * What is kept waiting. `writes`: each statement that changes something, and each COMMIT after one. `first-statement`: the first one of
 * each connection.
 */
export type Hold = 'writes' | 'first-statement';

export interface BarrierOptions {
  readonly hold: Hold;
  /** Requests that are not answered yet. */
  readonly unanswered: () => number;
  /** Sessions of the submission that wait for a lock of the database. */
  readonly lockWaits: () => Promise<number>;
  /** Grows with everything that passes between project and database. */
  readonly traffic: () => number;
  readonly sample: ProcessorSampler;
  /** Time of the project after which nothing waits any more, in milliseconds. */
  readonly budgetMs: number;
}

interface Waiting {
  readonly connection: GatedConnection;
  readonly effect: StatementEffect;
}

/**
 * Makes the worst case of a race happen every time. No statement that changes something goes on before every other request has come as
 * far as it can: to a write of its own, to a lock that the database makes it wait for, or to its answer. Then one goes on at a time. So
 * all have read before the first writes, which a project that decides by what it read, without lock or constraint, does not survive; and
 * nothing happens that could not happen with a slow network, so that a correct one always does.
 */
export class WriteBarrier implements StatementGate {
  private readonly waiting = new Map<GatedConnection, Waiting>();
  private readonly seen = new Set<GatedConnection>();
  private readonly hasWritten = new Set<GatedConnection>();
  /** Those that had to try again go first, as they would when the others did not come at the same moment. */
  private readonly retrying = new Set<GatedConnection>();
  private readonly releases = new Map<GatedConnection, number>();
  private isOpen = false;
  private changes = 0;

  constructor(private readonly options: BarrierOptions) {}

  holds(connection: GatedConnection, texts: readonly string[]): boolean {
    this.changes += 1;
    if (this.isOpen || texts.length === 0) return false;
    const effect = strongest(texts.map(effectOf));
    if (!this.mustWait(connection, effect)) return false;
    this.waiting.set(connection, { connection, effect });
    return true;
  }

  hadSetback(connection: GatedConnection): void {
    this.retrying.add(connection);
  }

  gone(connection: GatedConnection): void {
    this.changes += 1;
    this.waiting.delete(connection);
  }

  /** Lets everything go on from now. */
  open(): void {
    this.isOpen = true;
    for (const { connection } of this.waiting.values()) connection.release();
    this.waiting.clear();
  }

  /** Lets go on what may, until `open`. */
  async run(): Promise<void> {
    const timer = new FairTimer(this.options.budgetMs, this.options.sample, () => this.open());
    timer.resume();
    const quiet = new Quiet(this.options);
    for (let tick = 0; !this.isOpen; tick += 1) {
      await sleep(TICK_MS);
      if (this.waiting.size === 0) continue;
      if ((await this.allCameAsFarAsTheyCan(tick)) || (await quiet.look())) {
        quiet.reset();
        this.letGo();
      }
    }
    timer.stop();
  }

  private mustWait(connection: GatedConnection, effect: StatementEffect): boolean {
    if (this.options.hold === 'first-statement') {
      const isFirst = !this.seen.has(connection);
      this.seen.add(connection);
      return isFirst;
    }
    if (effect === 'write') this.hasWritten.add(connection);
    return effect === 'write' || (effect === 'commit' && this.hasWritten.delete(connection));
  }

  private async allCameAsFarAsTheyCan(tick: number): Promise<boolean> {
    const unanswered = this.options.unanswered();
    if (this.waiting.size >= unanswered) return true;
    if (tick % TICKS_PER_LOOK !== 0) return false;
    const { changes } = this;
    const blocked = await this.options.lockWaits();
    return changes === this.changes && this.waiting.size + blocked >= this.options.unanswered();
  }

  private letGo(): void {
    if (this.options.hold === 'first-statement') {
      this.open();
      return;
    }
    const order = (one: Waiting): readonly number[] => [
      this.rank(one),
      // In step: who wrote something already waits for those that did not.
      this.releases.get(one.connection) ?? 0,
      one.connection.ordinal,
    ];
    const [next] = [...this.waiting.values()].sort((a, b) => compare(order(a), order(b)));
    if (!next) return;
    this.changes += 1;
    this.waiting.delete(next.connection);
    this.releases.set(next.connection, (this.releases.get(next.connection) ?? 0) + 1);
    next.connection.release();
  }

  /** Writes before commits, so that what is read after a write is still read before anybody else's is there. */
  private rank({ connection, effect }: Waiting): number {
    if (this.retrying.has(connection)) return 0;
    return effect === 'write' ? 1 : 2;
  }
}

/** Tells when a project does nothing at all, neither with its database nor with a processor. */
class Quiet {
  private at = performance.now();
  private traffic = -1;
  private use: ProcessorUse | null | 'none yet' = 'none yet';
  private looks = 0;

  constructor(private readonly options: BarrierOptions) {}

  reset(): void {
    this.at = performance.now();
    this.traffic = this.options.traffic();
    this.use = 'none yet';
    this.looks = 0;
  }

  async look(): Promise<boolean> {
    if (this.options.traffic() !== this.traffic) this.reset();
    if (performance.now() - this.at < QUIET_MS) return false;
    const use = await this.options.sample().catch(() => null);
    const wasIdle = this.use !== 'none yet' && isIdle(this.use, use);
    this.looks = wasIdle ? this.looks + 1 : 0;
    this.use = use;
    this.at = performance.now();
    return this.looks >= (use === null ? BLIND_QUIET_LOOKS : QUIET_LOOKS);
  }
}

function isIdle(before: ProcessorUse | null, now: ProcessorUse | null): boolean {
  if (before === null || now === null) return true;
  const waits = Object.entries(now.waitedMs).map(([id, waited]) => waited - (before.waitedMs[id] ?? 0));
  return now.usedMs - before.usedMs <= IDLE_MS && Math.max(0, ...waits) <= IDLE_MS;
}

function strongest(effects: readonly StatementEffect[]): StatementEffect {
  if (effects.includes('write')) return 'write';
  return effects.includes('commit') ? 'commit' : 'read';
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}
