import { BubblewrapDriver } from '@assay/sandbox/bubblewrap';
import type { SandboxDriver, SandboxLayer } from '@assay/sandbox/sandbox';
import { ZygoteDriver } from '@assay/sandbox/zygote';

const MAKERS: Readonly<Record<string, (workRoot: string, without: readonly SandboxLayer[]) => SandboxDriver>> = {
  zygote: (workRoot, without) => new ZygoteDriver({ workRoot, without }),
  bubblewrap: (_workRoot, without) => new BubblewrapDriver({ without }),
};

/** Every driver that the product has, by the name that stands in a grade. */
export const DRIVER_NAMES: readonly string[] = Object.keys(MAKERS);

/**
 * @param workRoot absolute path of a folder below which everything lies that its sandboxes are shown
 * @throws Error when there is no driver of this name
 */
export function makeDriver(name: string, workRoot: string, without: readonly SandboxLayer[]): SandboxDriver {
  const make = MAKERS[name];
  if (!make) throw new Error(`There is no driver "${name}". There are ${DRIVER_NAMES.join(', ')}.`);
  return make(workRoot, without);
}
