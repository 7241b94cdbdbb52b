import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const MAX_PAUSE_MS = 30_000;

/**
 * Runs one of our programs as a child process: resolves when `readyUrl` answers, starts it again (after a growing pause) when it dies,
 * and writes its output to `logFile`. It ends with this process, however that ends.
 * @returns `{ pid(), stop() }`
 * @throws with the end of the log when it does not become ready
 */
export async function superviseProgram({ title, entry, environment, readyUrl, logFile, onProgress }) {
  let isStopping = false;
  let child = null;
  let pause = 500;
  mkdirSync(path.dirname(logFile), { recursive: true });

  const start = () => {
    const log = openSync(logFile, 'a', 0o600);
    const { PATH, HOME, LANG, TMPDIR } = process.env;
    const started = spawn(process.execPath, ['--enable-source-maps', entry], {
      env: { PATH, HOME, ...(LANG && { LANG }), ...(TMPDIR && { TMPDIR }), ...environment },
      // A session of its own: Ctrl-C stops the programs in our order, not all at once.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const callOff = started.pid
      ? require('@assay/postgres-cluster/watchdog').watchParent(started.pid, 'TERM', [])
      : () => undefined;
    const startedAt = Date.now();
    const exited = new Promise((resolve) => {
      started.on('error', (error) => resolve(error.message));
      started.on('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    void exited.then(async (how) => {
      callOff();
      if (isStopping || !child?.wasReady) return;
      pause = Date.now() - startedAt > 60_000 ? 500 : Math.min(pause * 2, MAX_PAUSE_MS);
      onProgress(`${title} ended (${how}); starting it again. Its log: ${logFile}`);
      await sleep(pause);
      if (!isStopping) start();
    });
    child = { process: started, exited, wasReady: child?.wasReady ?? false };
  };

  const stop = async () => {
    isStopping = true;
    const { process: current, exited } = child;
    current.kill('SIGTERM');
    const timer = setTimeout(() => current.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  };

  start();
  const failure = await becomesReady(child, readyUrl);
  if (failure) {
    await stop();
    throw new Error(`${title} did not start (${failure}). The end of ${logFile}:\n${tail(logFile)}`);
  }
  child.wasReady = true;
  return { pid: () => child.process.pid, stop };
}

async function becomesReady(child, url) {
  let ended = null;
  void child.exited.then((how) => {
    ended = how;
  });
  const end = Date.now() + READY_TIMEOUT_MS;
  while (ended === null) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    if (answer?.ok) return null;
    if (Date.now() > end) return `not ready after ${READY_TIMEOUT_MS / 1000} seconds`;
    await sleep(100);
  }
  return ended;
}

function tail(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-30).join('\n') : '(no log)';
}
