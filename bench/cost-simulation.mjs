/** How fast the product draws and summarises beside numpy doing the same, each in a process of its own, in rounds that take turns. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../tools/setup/paths.mjs';
import { compareSimulations } from './cost-agreement.mjs';
import { MeasuredChild } from './cost-child.mjs';
import { prepareNumpy } from './cost-numpy.mjs';
import { median, summarise } from './support/statistics.mjs';
import { milliseconds, table } from './support/table.mjs';

const require = createRequire(import.meta.url);

const DRAWS = 100_000;
const BOUND_MS = 300;
/** Rounds until the compilers of both sides have seen what they will run. */
const WARM_UP = 3;
/** New processes whose first answer is measured. */
const MOST_STARTS = 5;

const TITLES = {
  product: 'product: draws and summary',
  numpy: 'numpy: draws and summary',
  report: 'product: the whole report of an estimate',
};

/** @returns `{ draws, boundMs, numpy, subjects, ratio, agreement }`; per subject wall and CPU time, of the first answers too */
export async function measureSimulation({ rounds, runtime, resources, onProgress }) {
  const numpy = await prepareNumpy({ runtime, onProgress });
  if (numpy.problem) onProgress(`  ${numpy.problem}`);
  const input = defaultInput();
  const programs = {
    product: { program: process.execPath, args: [path.join(ROOT, 'bench', 'cost-product.mjs')], ask: { what: 'simulate' } },
    ...(numpy.problem ? {} : { numpy: { program: numpy.python, args: ['-s', numpy.script], ask: {} } }),
    report: { program: process.execPath, args: [path.join(ROOT, 'bench', 'cost-product.mjs')], ask: { what: 'report' } },
  };
  const samples = Object.fromEntries(Object.keys(programs).map((name) => [name, { starts: [], first: [], warm: [] }]));
  const children = {};
  for (let start = 1; start <= Math.min(rounds, MOST_STARTS); start += 1) {
    onProgress(`  new processes, ${start} of ${Math.min(rounds, MOST_STARTS)}`);
    for (const [name, { program, args, ask }] of Object.entries(programs)) {
      await children[name]?.stop();
      const { child, startMs } = await MeasuredChild.start(resources, program, args);
      children[name] = child;
      samples[name].starts.push(startMs);
      samples[name].first.push(timesOf(await child.ask({ ...ask, input, draws: DRAWS, seed: start })));
    }
  }
  const last = {};
  for (let round = 1 - WARM_UP; round <= rounds; round += 1) {
    if (round > 0) onProgress(`  round ${round} of ${rounds}`);
    for (const [name, { ask }] of Object.entries(programs)) {
      last[name] = await children[name].ask({ ...ask, input, draws: DRAWS, seed: 100 + round });
      if (round > 0) samples[name].warm.push(timesOf(last[name]));
    }
  }
  const agreement = last.numpy ? compareSimulations(last.product.summary, last.numpy.summary) : null;
  for (const child of Object.values(children)) await child.stop();
  const subjects = Object.entries(samples).map(([name, { starts, first, warm }]) => ({
    name,
    startMs: summarise(starts),
    first: times(first),
    warm: times(warm),
    drawsPerSecond: DRAWS / (median(warm.map(({ wall }) => wall)) / 1000),
    samples: { starts, first, warm },
  }));
  return { draws: DRAWS, boundMs: BOUND_MS, numpy, subjects, ratio: ratioOf(subjects), agreement };
}

/** The project of `docs/COST-MODEL.md` with the default assumptions. */
function defaultInput() {
  const { DEFAULT_ASSUMPTIONS } = require('@assay/cost-model/default-assumptions');
  return { project: { hours: 2700, seats: 3 }, assumptions: DEFAULT_ASSUMPTIONS };
}

const timesOf = ({ milliseconds: wall, cpuMilliseconds: cpu }) => ({ wall, cpu });

const times = (measured) => ({
  wallMs: summarise(measured.map(({ wall }) => wall)),
  cpuMs: summarise(measured.map(({ cpu }) => cpu)),
});

/** How many times as long numpy takes as the product: medians, minima, and medians of CPU time; null without numpy. */
function ratioOf(subjects) {
  const [product, numpy] = ['product', 'numpy'].map((name) => subjects.find((subject) => subject.name === name)?.warm);
  if (!numpy) return null;
  const { wallMs, cpuMs } = product;
  return {
    median: numpy.wallMs.median / wallMs.median,
    min: numpy.wallMs.min / wallMs.min,
    cpu: numpy.cpuMs.median / cpuMs.median,
  };
}

export function formatSimulation({ draws, boundMs, numpy, subjects, ratio, agreement }) {
  const rows = subjects.map(({ name, startMs, first, warm, drawsPerSecond }) => [
    TITLES[name],
    ...[warm.wallMs.median, warm.wallMs.min, warm.wallMs.max, warm.cpuMs.median].map(milliseconds),
    Math.round(drawsPerSecond).toLocaleString('en-US'),
    ...[first.wallMs.median, startMs.median].map(milliseconds),
  ]);
  const product = subjects.find(({ name }) => name === 'product');
  const oneCore = Math.max(product.warm.wallMs.median, product.warm.cpuMs.median);
  const slowest = Math.max(product.first.wallMs.max, product.first.cpuMs.max);
  const verdict = (value) => `${milliseconds(value)} ms, ${value < boundMs ? 'holds' : 'DOES NOT HOLD'}`;
  return [
    `${draws.toLocaleString('en-US')} draws of four hiring models, the default project`,
    table(['', 'median ms', 'min', 'max', 'CPU ms', 'draws/s', 'first ms', 'start ms'], rows),
    `Under ${boundMs} ms on one core: median ${verdict(oneCore)}; slowest first one of a new process ${verdict(slowest)}.`,
    ratio
      ? `numpy ${numpy.version} takes ${ratio.median.toFixed(2)} times as long (medians; minima ${ratio.min.toFixed(2)}, CPU ${ratio.cpu.toFixed(2)}). Percentiles differ by ${agreement.largest.toFixed(1)} standard errors at most (of ${agreement.compared}).`
      : numpy.problem,
    '`CPU` is the time of all threads of the process, `first` the first answer of a new process, `start` the time until it could be asked.',
    '',
  ].join('\n');
}
