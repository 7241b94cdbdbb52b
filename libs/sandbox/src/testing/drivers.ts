import os from 'node:os';
import { BubblewrapDriver } from '../bubblewrap';
import type { SandboxDriver, SandboxLayer } from '../sandbox';
import { ZygoteDriver } from '../zygote';

export interface DriverUnderTest {
  readonly name: string;
  /** Makes a driver for projects of `TinyProjects`. */
  readonly make: (without?: readonly SandboxLayer[]) => SandboxDriver;
}

/** The specs of the contract (`driver-*.spec.ts`) run for each of them. */
export const DRIVERS: readonly DriverUnderTest[] = [
  { name: 'zygote', make: (without = []) => new ZygoteDriver({ workRoot: os.tmpdir(), without }) },
  { name: 'bubblewrap', make: (without = []) => new BubblewrapDriver({ without }) },
];
