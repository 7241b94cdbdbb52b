import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver, SandboxLayer } from '@assay/sandbox/sandbox';

/** What attacks are tried on. */
export interface Stage {
  readonly runtime: PythonRuntime;
  /** Name of the driver that is being tried. */
  readonly driverName: string;
  /**
   * The driver as the product runs it, the same for all attempts, as in the product it serves many submissions; or one of its own without
   * some layers. Closed by the stage.
   */
  driver(without?: readonly SandboxLayer[]): SandboxDriver;
  /** Always one of its own, for an attack on what a driver holds from its beginning. */
  newDriver(without?: readonly SandboxLayer[]): SandboxDriver;
  /** Aborted when the time limit of the attempt is over; what was deferred runs then. */
  readonly signal: AbortSignal;
  /** Absolute path of the folder below which everything lies that a sandbox may be shown; `folder` makes its folders there. */
  readonly workRoot: string;
  /** A new folder for files of this attack, removed afterwards. */
  folder(): Promise<string>;
  /** Runs after the attempt, newest first. */
  defer(cleanUp: () => Promise<unknown> | unknown): void;
  /**
   * One thing for all attacks on this driver, such as a database server: opened when it is first asked for, with a stage of its own whose
   * drivers, folders and clean-ups last until the suite has ended. When `open` rejects, the next attempt tries again.
   */
  shared<T>(name: string, open: (stage: Stage) => Promise<T>): Promise<T>;
}
