/**
 * npm run bench [-- NAME ...] [-- --rounds N] [--json]: measures the product on this machine, on servers of its own. Names: memory, grading,
 * api, cost; all of them when none is given. Prints tables; with --json one JSON object with all samples and nothing else on stdout.
 */
import { parseArgs } from 'node:util';
import { ensureInstalled, printProgress, runTool } from './bootstrap.mjs';

const BENCHMARKS = ['memory', 'grading', 'api', 'cost'];

async function main() {
  const { names, rounds, json } = readOptions();
  // The servers of whoever runs this are not measured, and not filled with a hundred thousand rows.
  delete process.env.DATABASE_URL;
  delete process.env.REDIS_URL;
  const { runtime } = await ensureInstalled({ need: { sandbox: true, runtime: true, redis: true } });
  const { machineFacts, describeMachine } = await import('../bench/support/machine.mjs');
  const { Resources } = await import('../bench/support/resources.mjs');
  const machine = await machineFacts(runtime);
  if (!json) process.stdout.write(`${describeMachine(machine)}\n`);

  let isStopped = false;
  const resources = new Resources();
  const stopSignal = new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.once(signal, () => {
        isStopped = true;
        reject(new Error('Stopped.'));
      });
  });
  const benchmarks = {};
  for (const name of names) {
    printProgress(`Measuring: ${name}`);
    const benchmark = await import(`../bench/${name}.mjs`);
    const measuring = benchmark.run({ rounds, runtime, resources, onProgress: printProgress });
    try {
      benchmarks[name] = await Promise.race([measuring, stopSignal]);
    } finally {
      // What it begins after this point ends with this process.
      if (isStopped) measuring.catch(() => undefined);
      await resources.release();
    }
    if (!json) process.stdout.write(`${benchmark.format(benchmarks[name])}\n`);
  }
  if (json) {
    // Whoever asks for the comparison with pytest only finds its ratios at the top.
    const ratios = names.length === 1 ? benchmarks[names[0]].ratios : undefined;
    process.stdout.write(`${JSON.stringify({ version: 1, machine, ratios, benchmarks })}\n`);
  }
}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 1000))
    throw new Error(`--rounds ${values.rounds} is not a whole number from 1 to 1000.`);
  const unknown = positionals.find((name) => !BENCHMARKS.includes(name));
  if (unknown) throw new Error(`There is no benchmark "${unknown}". There are ${BENCHMARKS.join(', ')}.`);
  return { names: positionals.length > 0 ? positionals : BENCHMARKS, rounds, json: values.json };
}

runTool(main);
