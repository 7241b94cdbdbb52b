import { BubblewrapDriver } from './bubblewrap';
import type { PythonRuntime } from './runtime';
import { type SandboxDriver, SandboxUnavailable } from './sandbox';
import { ZygoteDriver } from './zygote';

/** By preference. */
export const DRIVER_NAMES = ['zygote', 'bubblewrap'] as const;
export type DriverName = (typeof DRIVER_NAMES)[number];

export interface DriverChoice {
  /** Absolute path of a folder below which everything lies that sandboxes are shown. */
  readonly workRoot: string;
  /** With it, `warm` may do its work ahead of the first start. */
  readonly runtime?: PythonRuntime;
  /** How many sandboxes are expected to run at the same time; 1 when absent. */
  readonly atOnce?: number;
  /** Only this one; absent: the first that works here. */
  readonly only?: DriverName;
}

/**
 * The best driver that this machine has every required layer for.
 * @throws SandboxUnavailable with the first layer that is missing of the one preferred (or asked for by name) when none works
 */
export async function chooseDriver(choice: DriverChoice): Promise<SandboxDriver> {
  let unavailable: SandboxUnavailable | null = null;
  for (const name of choice.only ? [choice.only] : DRIVER_NAMES) {
    const driver = makeDriver(name, choice);
    const missing = (await driver.probe()).find((row) => row.required && !row.ok);
    if (!missing) return driver;
    await driver.close();
    unavailable ??= new SandboxUnavailable(missing);
  }
  throw unavailable ?? new Error('There is no sandbox driver. This is a bug.');
}

function makeDriver(name: DriverName, { workRoot, runtime, atOnce }: DriverChoice): SandboxDriver {
  if (name === 'bubblewrap') return new BubblewrapDriver();
  return new ZygoteDriver({ workRoot, ...(runtime && { runtime }), ...(atOnce && { readySlots: atOnce }) });
}
