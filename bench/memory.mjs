/** Memory of every process of the product after its start and ten idle seconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform } from './support/platform.mjs';
import { descendantsOf, memoryOf } from './support/processes.mjs';
import { median } from './support/statistics.mjs';
import { mebibytes, table } from './support/table.mjs';

const IDLE_MS = 10_000;
const SAMPLES = 3;

/** @returns `{ idleMs, parts }`: bytes by part of the product, each with its samples */
export async function run({ resources, onProgress }) {
  const platform = await startPlatform({ resources, onProgress });
  onProgress(`  idle for ${IDLE_MS / 1000} seconds`);
  await sleep(IDLE_MS);
  const samples = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    samples.push(measureParts(platform));
    await sleep(1000);
  }
  const names = [...new Set(samples.flatMap((sample) => [...sample.keys()]))];
  return {
    idleMs: IDLE_MS,
    queue: platform.queue.title,
    parts: names.map((name) => {
      const found = samples.flatMap((sample) => sample.get(name) ?? []);
      const middle = (field) => (found.some((one) => one[field] === null) ? null : median(found.map((one) => one[field])));
      return { name, processes: middle('processes'), rss: middle('rss'), pss: middle('pss'), samples: found };
    }),
  };
}

function measureParts({ api, worker }) {
  const family = descendantsOf(process.pid);
  const parents = new Map(family.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid, ancestor) => {
    for (let at = pid; at !== undefined; at = parents.get(at)) if (at === ancestor) return true;
    return false;
  };
  const parts = new Map();
  for (const { pid, name } of family) {
    const memory = memoryOf(pid);
    if (!memory) continue;
    const part = nameOf({
      pid,
      name,
      isApi: pid === api.pid(),
      isWorker: pid === worker.pid(),
      below: isBelow(pid, worker.pid()),
    });
    const sum = parts.get(part) ?? { processes: 0, rss: 0, pss: 0 };
    parts.set(part, {
      processes: sum.processes + 1,
      rss: sum.rss + memory.rss,
      pss: sum.pss === null || memory.pss === null ? null : sum.pss + memory.pss,
    });
  }
  return parts;
}

function nameOf({ name, isApi, isWorker, below }) {
  if (isApi) return 'API';
  if (isWorker) return 'Worker';
  if (name === 'postgres') return below ? 'PostgreSQL that submissions are graded on' : 'PostgreSQL of the platform';
  if (name === 'redis-server') return 'Redis';
  if (name === 'sh') return 'Watchdogs (stop the servers when their parent dies)';
  return below ? 'Sandboxes that wait for a submission' : `Other: ${name}`;
}

export function format({ idleMs, parts, queue }) {
  const total = (field) =>
    parts.some((part) => part[field] === null) ? null : parts.reduce((sum, part) => sum + part[field], 0);
  const rows = [...parts, { name: 'All', processes: total('processes'), rss: total('rss'), pss: total('pss') }];
  return [
    `Memory at rest, ${idleMs / 1000} s after the start (queue: ${queue})`,
    table(
      ['MiB', 'processes', 'RSS', 'PSS'],
      rows.map((part) => [part.name, part.processes, mebibytes(part.rss), mebibytes(part.pss)]),
    ),
    'RSS counts memory that processes share once for each of them; PSS divides it among them, so only PSS adds up.',
    '',
  ].join('\n');
}
