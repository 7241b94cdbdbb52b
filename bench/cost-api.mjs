/** Estimates through the API: how long one takes, and how long everybody else waits while others are simulated. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from '../tools/setup/paths.mjs';
import { startPlatform } from './support/platform.mjs';
import { cpuTimeOf } from './support/processes.mjs';
import { median, quantile, summarise } from './support/statistics.mjs';
import { milliseconds, table } from './support/table.mjs';

const PROJECT = { hours: 2700, seats: 3 };
const LIMIT = 25;
const ROUTES = { 'GET /me': { path: '/me', items: null }, 'GET /estimates': { path: `/estimates?limit=${LIMIT}`, items: LIMIT } };
/** Draws of what is simulated while others are served. */
const MANY_DRAWS = 1_000_000;
const CONCURRENCY = 2;
const SECONDS = 3;
const WARM_UP_SECONDS = 1;
const MOST_ROUNDS = 5;
const EXPORTS = 10;

/** @returns `{ first, estimates, exports, loads, rounds }`; times in milliseconds */
export async function measureApi({ rounds, resources, onProgress }) {
  const platform = await startPlatform({ resources, onProgress, worker: false });
  onProgress('  estimates, one after the other');
  const first = await timed(() => makeEstimate(platform));
  const made = [];
  for (let count = 0; count < LIMIT; count += 1) made.push(await timed(() => makeEstimate(platform)));
  const exports_ = {
    pdf: await exportTimes(platform, first.result.id, 'pdf'),
    csv: await exportTimes(platform, first.result.id, 'csv'),
  };
  for (const route of Object.values(ROUTES)) await load(platform, route, WARM_UP_SECONDS);
  const measured = [];
  for (let round = 1; round <= Math.min(rounds, MOST_ROUNDS); round += 1) {
    onProgress(`  requests without and with simulations beside them, round ${round} of ${Math.min(rounds, MOST_ROUNDS)}`);
    for (const [route, asked] of Object.entries(ROUTES)) {
      measured.push({ round, route, beside: 'nothing', ...(await load(platform, asked, SECONDS)) });
      const simulating = simulateOnAndOn(platform);
      await simulating.begun;
      measured.push({ round, route, beside: 'simulations', ...(await load(platform, asked, SECONDS)) });
      measured.at(-1).simulationsMs = await simulating.stop();
    }
  }
  return {
    first: first.milliseconds,
    estimates: summarise(made.map((one) => one.milliseconds)),
    exports: exports_,
    loads: summaryOf(measured),
    rounds: measured,
  };
}

const makeEstimate = ({ recruiter }, simulation) => recruiter.post('/estimates', { project: PROJECT, simulation });

async function timed(work) {
  const begin = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - begin };
}

async function exportTimes({ url, recruiter }, id, format) {
  const address = `${url}/api/v1/estimates/${id}/export?format=${format}`;
  const samples = [];
  for (let count = 0; count <= EXPORTS; count += 1) {
    const { result, milliseconds: took } = await timed(async () => {
      const answer = await fetch(address, { headers: { authorization: `Bearer ${recruiter.token}` } });
      return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
    });
    if (result.status !== 200) throw new Error(`The export as ${format} answered ${result.status}.`);
    samples.push({ took, bytes: result.bytes });
  }
  const [firstOne, ...others] = samples;
  return { first: firstOne.took, bytes: firstOne.bytes, ...summarise(others.map(({ took }) => took)) };
}

/** Makes estimates of many draws one after the other until it is stopped; `stop` gives how long each took. */
function simulateOnAndOn(platform) {
  let isStopped = false;
  const took = [];
  const running = (async () => {
    for (let seed = 1; !isStopped; seed += 1) {
      const one = await timed(() => makeEstimate(platform, { draws: MANY_DRAWS, seed }));
      took.push(one.milliseconds);
    }
  })();
  const stop = async () => {
    isStopped = true;
    await running;
    return took;
  };
  return { begun: Promise.race([wait(200), running]), stop };
}

async function load({ url, api, recruiter }, { path: route, items }, seconds) {
  const before = cpuTimeOf(api.pid());
  const client = spawn(process.execPath, [path.join(ROOT, 'bench', 'support', 'load.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('exit', resolve);
  });
  client.stdin.end(
    JSON.stringify({ url: `${url}/api/v1`, token: recruiter.token, path: route, concurrency: CONCURRENCY, seconds, items }),
  );
  const [output, code] = await Promise.all([text(client.stdout), ended]);
  if (code !== 0) throw new Error(`The client of the load ended with code ${code}.`);
  const { latenciesMs, seconds: took } = JSON.parse(output);
  return {
    requestsPerSecond: latenciesMs.length / took,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    maxMs: Math.max(...latenciesMs),
    apiCores: (cpuTimeOf(api.pid()) - before) / (took * 1000),
  };
}

/** Medians of the rounds; the slowest request of all of them. */
function summaryOf(measured) {
  const figures = ['requestsPerSecond', 'p50Ms', 'p99Ms', 'apiCores'];
  return Object.keys(ROUTES).flatMap((route) =>
    ['nothing', 'simulations'].map((beside) => {
      const own = measured.filter((one) => one.route === route && one.beside === beside);
      const simulationsMs = own.flatMap((one) => one.simulationsMs ?? []);
      return {
        route,
        beside,
        ...Object.fromEntries(figures.map((name) => [name, median(own.map((one) => one[name]))])),
        maxMs: Math.max(...own.map(({ maxMs }) => maxMs)),
        simulationMs: median(simulationsMs),
      };
    }),
  );
}

export function formatApi({ first, estimates, exports: exports_, loads }) {
  const rows = loads.map((one) => [
    `${one.route}, ${one.beside} beside`,
    Math.round(one.requestsPerSecond).toLocaleString('en-US'),
    ...[one.p50Ms, one.p99Ms, one.maxMs].map(milliseconds),
    one.apiCores.toFixed(2),
    milliseconds(one.simulationMs),
  ]);
  const times = ({ median: middle, min, max }) =>
    `median ${milliseconds(middle)} ms (${milliseconds(min)} to ${milliseconds(max)})`;
  const exported = Object.entries(exports_).map(
    ([format, one]) =>
      `Export as ${format}: ${times(one)}, the first one ${milliseconds(one.first)} ms; ${(one.bytes / 1024).toFixed(0)} KiB.`,
  );
  return [
    `The API while estimates of ${MANY_DRAWS.toLocaleString('en-US')} draws are simulated one after the other, ${CONCURRENCY} requests at a time`,
    table(['', 'requests/s', 'p50 ms', 'p99 ms', 'max ms', 'cores of the API', 'a simulation ms'], rows),
    `Rounds of ${SECONDS} s take turns; medians, max of all. The simulation's thread, PostgreSQL and the client share the machine's cores.`,
    `POST /estimates, 100,000 draws, to the whole answer: ${times(estimates)}; the first one, which starts a thread, ${milliseconds(first)} ms.`,
    ...exported,
    '',
  ].join('\n');
}
