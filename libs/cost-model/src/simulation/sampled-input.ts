import type { RandomBlocks } from './random';
import type { UncertainInput } from './uncertain-inputs';

/** Draws that are made at a time, so that they stay in the processor's cache. */
export const CHUNK = 4096;

/** One uncertain input's draws of a chunk. */
export class SampledInput {
  readonly values = new Float64Array(CHUNK);

  constructor(
    readonly input: UncertainInput,
    private readonly fill: RandomBlocks,
  ) {}

  draw(count: number): void {
    this.fill(this.values, count);
    this.input.quantile.replace(this.values, count);
  }
}
