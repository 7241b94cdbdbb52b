import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LayerStatus } from '@assay/sandbox/sandbox';

const run = promisify(execFile);
const FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/bin'];
/** The first version whose access lists know sub-commands, and that lets nobody switch its protections off. */
const OLDEST = 7;
const REMEDY = 'Run: sudo apt-get install redis-server bubblewrap (the service itself may stay disabled)';

/** What a throwaway Redis is started with. Absolute paths. */
export interface RedisProgram {
  readonly redis: string;
  /** For example `7.0.15`. */
  readonly version: string;
  readonly bubblewrap: string;
  /** Shared libraries that the server loads. */
  readonly libraries: readonly string[];
}

/** The programs in these folders, or in one sentence what is missing. */
export async function findRedis(folders: readonly string[] = FOLDERS): Promise<RedisProgram | string> {
  const redis = await firstExecutable('redis-server', folders);
  if (!redis) return 'redis-server is not installed.';
  const bubblewrap = await firstExecutable('bwrap', folders);
  if (!bubblewrap) return 'bwrap is not installed, and no Redis runs for a submission without being locked in.';
  try {
    const said = (await run(redis, ['--version'])).stdout;
    const version = /v=(\d+(?:\.\d+)+)/.exec(said)?.[1] ?? '0';
    if (Number.parseInt(version, 10) < OLDEST) return `${redis} is version ${version}; ${OLDEST} or newer is needed.`;
    const { stdout } = await run('ldd', [redis]);
    const libraries = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map((match) => String(match[1]));
    return { redis: await realpath(redis), version, bubblewrap, libraries };
  } catch (error) {
    return `redis-server does not run: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** One row for `doctor`. Changes nothing and never throws. */
export async function probeRedis(): Promise<LayerStatus> {
  const found = await findRedis();
  const base = { id: 'redis', title: 'Redis for tasks that use one', required: false };
  if (typeof found !== 'string') return { ...base, ok: true, version: found.version, detail: found.redis, remedy: null };
  return { ...base, ok: false, version: null, detail: found, remedy: REMEDY };
}

async function firstExecutable(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const program = path.join(folder, name);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return null;
}
