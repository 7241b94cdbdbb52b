/** Cost estimates: the simulation beside numpy, and the API while simulations run. */
import { formatSimulation, measureSimulation } from './cost-simulation.mjs';

/** @returns `{ ratios, simulation }`; see each part for its figures, times in milliseconds */
export async function run(options) {
  const simulation = await measureSimulation(options);
  return { ratios: { numpy: simulation.ratio?.median ?? null }, simulation };
}

export function format({ simulation }) {
  return [formatSimulation(simulation)].join('\n');
}
