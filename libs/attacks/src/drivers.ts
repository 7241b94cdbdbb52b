import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import type { PythonRuntime } from '@assay/sandbox/runtime';
import type { SandboxDriver, SandboxLayer } from '@assay/sandbox/sandbox';
import { ZygoteDriver } from '@assay/sandbox/zygote';

export interface DriverPlace {
  readonly runtime: PythonRuntime;
  /** Absolute path of a folder below which everything lies that its sandboxes are shown. */
  readonly workRoot: string;
}

const MAKERS: Readonly<Record<string, (place: DriverPlace, without: readonly SandboxLayer[]) => SandboxDriver>> = {
  // With a runtime, `warm` makes deep starts ready: the guarded driver is attacked where it shares most.
  zygote: ({ workRoot, runtime }, without) =>
    new ZygoteDriver({ workRoot, without, ...(without.length === 0 ? { runtime } : {}) }),
  bubblewrap: (_place, without) => new BubblewrapDriver({ without }),
};

/** Every driver that the product has, by the name that stands in a grade. */
export const DRIVER_NAMES: readonly string[] = Object.keys(MAKERS);

/** @throws Error when there is no driver of this name */
export function makeDriver(name: string, place: DriverPlace, without: readonly SandboxLayer[]): SandboxDriver {
  const make = MAKERS[name];
  if (!make) throw new Error(`There is no driver "${name}". There are ${DRIVER_NAMES.join(', ')}.`);
  return make(place, without);
}
