import type { PythonRuntime } from '../runtime';
import type { ZygoteSlot } from './slot';
import type { Starters } from './starters';

/** As many slots as sandboxes ever ran at once, each with the deep zygotes of the starters that are kept. */
export class SlotPool {
  private readonly slots = new Set<ZygoteSlot>();
  private readonly idle: ZygoteSlot[] = [];
  /** Slots that are free but for the deep zygotes they are getting. */
  private readonly warming = new Set<Promise<void>>();
  private isClosed = false;

  /** @param open makes a slot @param mostIdle free slots that are kept; all when left out */
  constructor(
    private readonly open: (runtime: PythonRuntime) => Promise<ZygoteSlot>,
    private readonly starters: Starters,
    private readonly workRoot: string,
    private readonly mostIdle: number = Number.POSITIVE_INFINITY,
  ) {}

  /** @throws Error when a new slot is needed and its zygote could not be made */
  async take(runtime: PythonRuntime): Promise<ZygoteSlot> {
    for (;;) {
      for (let slot = this.idle.pop(); slot; slot = this.idle.pop()) {
        if (slot.isAlive && isSame(slot.runtime, runtime)) return slot;
        await this.discard(slot);
      }
      if (this.warming.size === 0) return this.add(runtime);
      await Promise.race(this.warming);
    }
  }

  /** The slot's sandbox has ended. */
  giveBack(slot: ZygoteSlot): void {
    if (slot.isAlive && !this.isClosed) this.warm(slot);
    else void this.discard(slot);
  }

  /** Brings all free slots, and at least so many, up to the starters that are kept. */
  async prepare(runtime: PythonRuntime, atLeast: number): Promise<void> {
    for (const slot of this.idle.splice(0)) this.warm(slot);
    while (this.slots.size < atLeast) this.warm(await this.add(runtime));
    await Promise.all(this.warming);
  }

  async discard(slot: ZygoteSlot): Promise<void> {
    this.slots.delete(slot);
    await slot.close();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.idle.splice(0);
    await Promise.all([...this.slots].map((slot) => this.discard(slot)));
    await Promise.all(this.warming);
  }

  private async add(runtime: PythonRuntime): Promise<ZygoteSlot> {
    const slot = await this.open(runtime);
    if (this.isClosed) {
      await slot.close();
      throw new Error('The sandbox driver was closed while a sandbox was being started.');
    }
    this.slots.add(slot);
    return slot;
  }

  private warm(slot: ZygoteSlot): void {
    const work = async (): Promise<void> => {
      await slot.warm(await this.starters.all(), this.workRoot);
      if (this.isClosed || !slot.isAlive || this.idle.length >= this.mostIdle) await this.discard(slot);
      else this.idle.push(slot);
    };
    const done = work().finally(() => this.warming.delete(done));
    this.warming.add(done);
  }
}

function isSame(a: PythonRuntime, b: PythonRuntime): boolean {
  return a.root === b.root && a.rootPython === b.rootPython && a.basePython === b.basePython;
}
