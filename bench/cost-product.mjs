/**
 * The product's cost model on request, in a process of its own: one JSON line in (`{ what, input, draws, seed }`), one out. `what`:
 * `simulate` draws and summarises, `report` makes the whole report of an estimate, both measured (`{ milliseconds, cpuMilliseconds,
 * summary }`); `tornado` and `defaults` are what numpy/check.py asks for beside them.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const { parseSituation } = require('@assay/cost-model/advice');
const { DOLLAR } = require('@assay/cost-model/currency');
const { DEFAULT_ASSUMPTIONS } = require('@assay/cost-model/default-assumptions');
const { parseProject } = require('@assay/cost-model/project');
const { reportEstimate } = require('@assay/cost-model/report-estimate');
const { simulate } = require('@assay/cost-model/simulation/simulate');
const { tornadoOf } = require('@assay/cost-model/simulation/tornado');

const PARTS = {
  defaults: () => DEFAULT_ASSUMPTIONS,
  tornado: ({ project, assumptions }) => tornadoOf(project, assumptions),
  simulate: ({ project, assumptions }, options) => measured(() => simulate(project, assumptions, options)),
  report: ({ project, assumptions }, simulation) => {
    const rest = { need: null, situation: parseSituation({}), frameworkNeed: null, exchangeRate: DOLLAR };
    return measured(() => reportEstimate({ ...rest, project, assumptions, simulation }));
  },
};

function measured(make) {
  const [begin, cpu] = [performance.now(), process.cpuUsage()];
  const made = make();
  const milliseconds = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  const models = made.models.map(({ model, cost, delivery }) => ({ model, cost, delivery }));
  const pairs = made.pairs ?? made.simulation.pairs;
  return { milliseconds, cpuMilliseconds: (user + system) / 1000, summary: { models, pairs } };
}

const answer = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { what, input, draws, seed } = JSON.parse(line);
  const read = input && { project: parseProject(input.project), assumptions: input.assumptions ?? DEFAULT_ASSUMPTIONS };
  answer(PARTS[what](read, { draws, seed }));
}
