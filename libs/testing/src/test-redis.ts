import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { watchParent } from '@assay/postgres-cluster/watchdog';
import { freePort } from './free-port';

/** What a Redis server has when nothing else is configured. */
const REDIS_DATABASES = 16;

let own: Promise<string | null> | null = null;

/**
 * `redis://` URL of the run's Redis, or null on a machine without one (`npm test` then says so). A spec file run by jest alone starts
 * its own throwaway server when `redis-server` is on PATH; it ends with the process.
 */
export function testRedisUrl(): Promise<string | null> {
  const shared = process.env.ASSAY_TEST_REDIS_URL;
  if (shared !== undefined) return Promise.resolve(shared === '' ? null : ownDatabase(shared));
  own ??= startRedis();
  return own;
}

/** Spec files that run at the same time share the server but not its data: each jest worker has a database of its own. */
function ownDatabase(url: string): string {
  const database = Number(process.env.JEST_WORKER_ID ?? 0) % REDIS_DATABASES;
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

/** Whether `testRedisUrl` has a Redis to give. */
export function hasTestRedis(): boolean {
  const shared = process.env.ASSAY_TEST_REDIS_URL;
  if (shared !== undefined) return shared !== '';
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

async function startRedis(): Promise<string | null> {
  if (!hasTestRedis()) return null;
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-test-redis-'));
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', settings, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`redis-server ended with code ${code}:\n${output}`)));
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
  server.stdout.resume();
  server.unref();
  watchParent(server.pid ?? 0, 'INT', [folder]);
  return `redis://127.0.0.1:${port}/0`;
}
