import { withLock } from './lock.mjs';
import { run } from './run.mjs';

/** Version of the `redis-server` on PATH, null without one or when it is older than BullMQ needs. */
export async function redisOnPath() {
  const { code, output } = await run('redis-server', ['--version']);
  const version = /v=(\d+)\.(\d+)\.(\d+)/.exec(output);
  if (code !== 0 || !version) return null;
  const [, major, minor] = version.map(Number);
  return major > 6 || (major === 6 && minor >= 2) ? version[0].slice(2) : null;
}

/**
 * Tries to have a Redis on PATH: from Debian's packages when this is root. Without one the queue lives in PostgreSQL, so nothing
 * here is a failure.
 */
export async function tryToInstallRedis(onProgress) {
  if (process.env.REDIS_URL || (await redisOnPath())) return;
  if (process.getuid?.() !== 0) {
    onProgress(
      'No redis-server on PATH: the queue will live in PostgreSQL. For Redis run "sudo apt-get install redis-server" or set REDIS_URL.',
    );
    return;
  }
  await withLock('redis', onProgress, async () => {
    if (await redisOnPath()) return;
    onProgress("Installing redis-server from the system's packages");
    const failure = await aptInstall('redis-server');
    if (failure) onProgress(`redis-server could not be installed (${failure}): the queue will live in PostgreSQL.`);
  });
}

/** Installs a Debian package as root; null when done, else the reason in one line. */
async function aptInstall(name) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', name], { env });
  let answer = await install();
  if (answer.code !== 0) {
    await run('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=300'], { env });
    answer = await install();
  }
  return answer.code === 0 ? null : (answer.output.trim().split('\n').at(-1) ?? 'apt-get failed');
}
