import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Starts the `redis-server` on PATH on a free port of 127.0.0.1, behind a password, set up as a queue needs it: nothing is ever
 * evicted, and every write goes to an append-only file (unless ephemeral: then nothing is kept). Ends with this process.
 */
export async function startRedis({ dataDir, ephemeral = false }) {
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o700);
  const port = await freePort();
  const password = randomBytes(24).toString('hex');
  const settings = {
    port,
    bind: '127.0.0.1',
    requirepass: password,
    dir: JSON.stringify(dataDir),
    appendonly: ephemeral ? 'no' : 'yes',
    save: '""',
    'maxmemory-policy': 'noeviction',
  };
  // In a file, not on the command line, where every user of the machine could read the password.
  const file = path.join(dataDir, 'redis.conf');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
  // A session of its own: Ctrl-C reaches it through stop(), after everything that uses it.
  const server = spawn('redis-server', [file], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const exited = new Promise((resolve) =>
    server.on('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`)),
  );
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    exited.then((how) => reject(new Error(`redis-server did not start (${how}):\n${output}`)));
    server.stdout.on('data', (chunk) => {
      if (output.length < 64_000) output += chunk;
      if (output.includes('Ready to accept connections')) resolve();
    });
    server.stderr.on('data', (chunk) => {
      if (output.length < 64_000) output += chunk;
    });
  });
  const removable = ephemeral ? [dataDir] : [];
  const callOff = require('@assay/postgres-cluster/watchdog').watchParent(server.pid, 'INT', removable);
  return {
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    exited,
    async stop() {
      server.kill('SIGTERM');
      await exited;
      callOff();
      for (const folder of removable) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
