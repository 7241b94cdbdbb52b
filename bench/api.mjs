/** How fast the API lists evaluations when an organisation has 100,000 of them: the first page and one near the end. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../tools/setup/paths.mjs';
import { insertManyEvaluations } from './support/many-evaluations.mjs';
import { startPlatform } from './support/platform.mjs';
import { cpuTimeOf, descendantsOf } from './support/processes.mjs';
import { explainRequest } from './support/query-plan.mjs';
import { median, quantile } from './support/statistics.mjs';
import { milliseconds, table } from './support/table.mjs';

const EVALUATIONS = 100_000;
const LIMIT = 25;
const LIST = `/evaluations?limit=${LIMIT}`;
const WALK_LIMIT = 100;
const CONCURRENCIES = [10, 50];
const WARM_UP_SECONDS = 1.5;
const SECONDS = 3;
const ROUNDS = 3;

/** @returns `{ evaluations, walk, loads, plans }`; latencies in milliseconds, CPU in milliseconds for each request */
export async function run({ resources, onProgress }) {
  const platform = await startPlatform({ resources, onProgress, worker: false });
  const { adminUrl, recruiter } = platform;
  onProgress(`  writing ${EVALUATIONS.toLocaleString('en-US')} evaluations for each of two organisations`);
  const { organisationId, inserted } = await insertManyEvaluations({ adminUrl, recruiter, count: EVALUATIONS });
  onProgress('  walking through all pages');
  const walk = await walkThrough(recruiter);
  const pages = { first: LIST, deep: `${LIST}&cursor=${encodeURIComponent(walk.deepCursor)}` };

  const plans = {};
  for (const [page, route] of Object.entries(pages)) {
    plans[page] = await explainRequest(() => recruiter.get(route), {
      adminUrl,
      postgresLog: platform.postgresLog,
      organisationId,
      table: 'evaluations',
      parameters: [organisationId, walk.deepId],
    });
    await load(platform, route, CONCURRENCIES[0], WARM_UP_SECONDS);
  }
  const rounds = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    onProgress(`  round ${round} of ${ROUNDS}`);
    for (const concurrency of CONCURRENCIES) {
      for (const [page, route] of Object.entries(pages)) {
        rounds.push({ round, page, concurrency, ...(await load(platform, route, concurrency, SECONDS)) });
      }
    }
  }
  const { seconds, requests } = walk;
  return { evaluations: inserted, walk: { seconds, requests, limit: WALK_LIMIT }, loads: summaryOf(rounds), rounds, plans };
}

/** Reads every page, as a client that exports all would; gives the place from which the last rows but a few are left. */
async function walkThrough(recruiter) {
  const begin = performance.now();
  const ids = new Set();
  const places = [];
  let cursor = null;
  do {
    const query = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await recruiter.get(`/evaluations?limit=${WALK_LIMIT}${query}`);
    for (const { id } of page.items) ids.add(id);
    cursor = page.nextCursor;
    places.push({ cursor, id: page.items.at(-1)?.id });
  } while (cursor !== null);
  if (ids.size !== EVALUATIONS) throw new Error(`The pages held ${ids.size} evaluations, not ${EVALUATIONS}.`);
  // Two pages of the walk are left after this place.
  const deep = places.at(-3);
  return { seconds: (performance.now() - begin) / 1000, requests: places.length, deepCursor: deep.cursor, deepId: deep.id };
}

async function load({ url, api, recruiter }, route, concurrency, seconds) {
  const servers = () => descendantsOf(process.pid).filter(({ name }) => name === 'postgres');
  const postgresCpu = () => servers().reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const before = { api: cpuTimeOf(api.pid()), postgres: postgresCpu() };
  const client = spawn(process.execPath, [path.join(ROOT, 'bench', 'support', 'load.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('exit', resolve);
  });
  client.stdin.end(
    JSON.stringify({ url: `${url}/api/v1`, token: recruiter.token, path: route, concurrency, seconds, items: LIMIT }),
  );
  const [output, code] = await Promise.all([text(client.stdout), ended]);
  if (code !== 0) throw new Error(`The client of the load ended with code ${code}.`);
  const { latenciesMs, clientCpuMs, seconds: took } = JSON.parse(output);
  const requests = latenciesMs.length;
  return {
    requests,
    requestsPerSecond: requests / took,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    maxMs: Math.max(...latenciesMs),
    apiCpuMs: (cpuTimeOf(api.pid()) - before.api) / requests,
    postgresCpuMs: (postgresCpu() - before.postgres) / requests,
    clientCpuMs: clientCpuMs / requests,
  };
}

/** Medians of the rounds for each page and concurrency. */
function summaryOf(rounds) {
  const figures = ['requestsPerSecond', 'p50Ms', 'p99Ms', 'apiCpuMs', 'postgresCpuMs', 'clientCpuMs'];
  return CONCURRENCIES.flatMap((concurrency) =>
    ['first', 'deep'].map((page) => {
      const own = rounds.filter((one) => one.page === page && one.concurrency === concurrency);
      return { page, concurrency, ...Object.fromEntries(figures.map((name) => [name, median(own.map((one) => one[name]))])) };
    }),
  );
}

export function format({ walk, loads, plans }) {
  const rows = loads.map((one) => [
    `${one.page} page, ${one.concurrency} at a time`,
    Math.round(one.requestsPerSecond).toLocaleString('en-US'),
    ...[one.p50Ms, one.p99Ms, one.apiCpuMs, one.postgresCpuMs, one.clientCpuMs].map(milliseconds),
  ]);
  const usedIndex = (plan) => plan.map((line) => /(Index.* Scan.*) \(cost/.exec(line)?.[1]).find(Boolean) ?? 'no index';
  return [
    `GET /api/v1/evaluations?limit=${LIMIT}, signed in, ${EVALUATIONS.toLocaleString('en-US')} evaluations in the organisation and as many in another one`,
    table(['', 'requests/s', 'p50 ms', 'p99 ms', 'API CPU ms', 'PostgreSQL CPU ms', 'client CPU ms'], rows),
    `Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s; CPU is per request, and the client takes its share of the same cores.`,
    `All ${walk.requests.toLocaleString('en-US')} pages of ${walk.limit}, one after the other: ${walk.seconds.toFixed(1)} s, every evaluation once.`,
    ...Object.entries(plans).map(([page, { plan }]) => `Plan of the ${page} page: ${usedIndex(plan)}, ${plan.at(-1).trim()}`),
    '',
  ].join('\n');
}
