import { SANDBOX_LAYERS, type SandboxLayer } from '../sandbox';

/** Layers that a driver of the attack suite or of a spec does without. Never taken from an environment or a configuration. */
export interface LeaveOut {
  readonly without?: readonly SandboxLayer[];
}

/**
 * @param cannot layers that this driver cannot be made without, with the reason
 * @throws LayerCannotBeLeftOut
 * @throws TypeError for a layer that there is not
 */
export function checkLeftOut(
  driver: string,
  without: readonly SandboxLayer[],
  cannot: Readonly<Partial<Record<SandboxLayer, string>>>,
): ReadonlySet<SandboxLayer> {
  for (const layer of without) {
    if (!SANDBOX_LAYERS.includes(layer))
      throw new TypeError(`There is no layer "${layer}". There are ${SANDBOX_LAYERS.join(', ')}.`);
    const reason = cannot[layer];
    if (reason !== undefined) throw new LayerCannotBeLeftOut(driver, layer, reason);
  }
  return new Set(without);
}

/** A driver is so built that it has this layer or does not work at all. */
export class LayerCannotBeLeftOut extends TypeError {
  override readonly name = 'LayerCannotBeLeftOut';

  constructor(
    readonly driver: string,
    readonly layer: SandboxLayer,
    reason: string,
  ) {
    super(`The driver ${driver} cannot be made without the layer "${layer}": ${reason}`);
  }
}
