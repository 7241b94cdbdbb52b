/** Cost estimates: the simulation beside numpy, one through the API, and the API while others are simulated. */
import { formatApi, measureApi } from './cost-api.mjs';
import { formatSimulation, measureSimulation } from './cost-simulation.mjs';

/** @returns `{ ratios, simulation, api }`; see each part for its figures, times in milliseconds */
export async function run(options) {
  const simulation = await measureSimulation(options);
  const api = await measureApi(options);
  return { ratios: { numpyLatency: simulation.ratio?.median ?? null, numpyCpu: simulation.ratio?.cpu ?? null }, simulation, api };
}

export function format({ simulation, api }) {
  return `${formatSimulation(simulation)}\n${formatApi(api)}`;
}
