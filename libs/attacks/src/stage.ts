import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver, SandboxLayer } from '@assay/sandbox/sandbox';

/** What attacks are tried on. */
export interface Stage {
  readonly runtime: PythonRuntime;
  /** Name of the driver that is being tried. */
  readonly driverName: string;
  /** The driver as the product runs it, or without some layers. Closed by the stage. */
  driver(without?: readonly SandboxLayer[]): SandboxDriver;
  /** Aborted when the time limit of the attempt is over; what was deferred runs then. */
  readonly signal: AbortSignal;
  /** A new folder for files of this attack, removed afterwards. */
  folder(): Promise<string>;
  /** Runs after the attempt, newest first. */
  defer(cleanUp: () => Promise<unknown> | unknown): void;
}
