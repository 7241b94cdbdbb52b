/**
 * Measures the product's simulation on request, in a process of its own: one JSON line in (`{ what, input, draws, seed }`), one out
 * (`{ milliseconds, cpuMilliseconds, summary }`). `what`: `simulate` draws and summarises, `report` makes the whole report of an estimate.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const { simulate } = require('@assay/cost-model/simulation/simulate');
const { reportEstimate } = require('@assay/cost-model/report-estimate');

const answer = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { what, input, draws, seed } = JSON.parse(line);
  const options = { draws, seed };
  const [begin, cpu] = [performance.now(), process.cpuUsage()];
  const made =
    what === 'report' ? reportEstimate({ ...input, simulation: options }) : simulate(input.project, input.assumptions, options);
  const milliseconds = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  const summary = { models: made.models.map(({ model, cost, delivery }) => ({ model, cost, delivery })) };
  answer({ milliseconds, cpuMilliseconds: (user + system) / 1000, summary });
}
