import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver, SandboxLayer } from '@assay/sandbox/sandbox';
import { makeDriver } from './drivers';
import type { Stage } from './stage';

const CLEAN_UP_SECONDS = 30;

/** What all attempts on one driver have in common, opened when first asked for. */
export class SharedThings {
  private readonly opened = new Map<string, Promise<unknown>>();
  private readonly stage: RealStage;
  private guarded: SandboxDriver | null = null;

  constructor(runtime: PythonRuntime, driverName: string, workRoot: string) {
    this.stage = new RealStage(runtime, driverName, workRoot, this);
  }

  open<T>(name: string, open: (stage: Stage) => Promise<T>): Promise<T> {
    const known = this.opened.get(name);
    if (known) return known as Promise<T>;
    const opening = open(this.stage);
    this.opened.set(name, opening);
    opening.catch(() => this.opened.delete(name));
    return opening;
  }

  /** The driver with every layer on. */
  driver(): SandboxDriver {
    this.guarded ??= this.stage.newDriver();
    return this.guarded;
  }

  end(): Promise<void> {
    return this.stage.end();
  }
}

/** The stage of one attempt: real runtime, real drivers, real folders. `end` leaves nothing behind. */
export class RealStage implements Stage {
  private readonly cleanUps: (() => Promise<unknown> | unknown)[] = [];
  private readonly ending = new AbortController();

  constructor(
    readonly runtime: PythonRuntime,
    readonly driverName: string,
    readonly workRoot: string,
    private readonly things: SharedThings,
  ) {}

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  driver(without: readonly SandboxLayer[] = []): SandboxDriver {
    return without.length === 0 ? this.things.driver() : this.newDriver(without);
  }

  newDriver(without: readonly SandboxLayer[] = []): SandboxDriver {
    const driver = makeDriver(this.driverName, this, without);
    this.defer(() => driver.close());
    return driver;
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(path.join(this.workRoot, 'attack-'));
    this.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  defer(cleanUp: () => Promise<unknown> | unknown): void {
    this.cleanUps.push(cleanUp);
  }

  shared<T>(name: string, open: (stage: Stage) => Promise<T>): Promise<T> {
    return this.things.open(name, open);
  }

  /**
   * Undoes everything that was deferred, newest first, whatever fails on the way.
   * @throws Error with all that could not be undone
   */
  async end(): Promise<void> {
    this.ending.abort();
    const failures: string[] = [];
    for (let cleanUp = this.cleanUps.pop(); cleanUp; cleanUp = this.cleanUps.pop()) {
      const limit = new AbortController();
      const tooLong = wait(CLEAN_UP_SECONDS * 1000, undefined, { signal: limit.signal }).then(() => {
        throw new Error(`not done after ${CLEAN_UP_SECONDS} s`);
      });
      tooLong.catch(() => undefined);
      try {
        await Promise.race([cleanUp(), tooLong]);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      } finally {
        limit.abort();
      }
    }
    if (failures.length > 0) throw new Error(`Could not clean up: ${failures.join('; ')}`);
  }
}
