import type { Assumption } from './assumption';
import { DEFAULT_CLAIMS } from './default-claims';
import { DEFAULT_PARAMETERS } from './default-parameters';

/**
 * Every figure of the cost model before anyone overrides one: the published claims C1 to C11 and the parameters of each hiring model.
 * With these, the worked example of docs/COST-MODEL.md comes out to the cent. Frozen.
 */
export const DEFAULT_ASSUMPTIONS: readonly Assumption[] = Object.freeze(
  [...DEFAULT_CLAIMS, ...DEFAULT_PARAMETERS].map((assumption) => Object.freeze(assumption)),
);
