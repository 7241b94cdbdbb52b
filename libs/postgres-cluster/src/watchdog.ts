import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * The end of standard input is the death of the parent, however it died. `$1` is the server's process, `$2` the signal that asks it to
 * stop, the rest are paths to remove when it is gone.
 */
const SCRIPT = `
read -r _
pid=$1; kill -s "$2" "$pid" 2>/dev/null; shift 2
n=0; while kill -0 "$pid" 2>/dev/null && [ "$n" -lt 200 ]; do sleep 0.1; n=$((n + 1)); done
kill -s QUIT "$pid" 2>/dev/null
if [ "$#" -gt 0 ]; then rm -rf -- "$@"; fi
`;

/**
 * Stops the server with process number `pid` when this process ends without having done so (SIGKILL, a crash): a shell of its own
 * session waits on a pipe that only this process holds. Returns the function that calls it off. Throws when it cannot be started.
 */
export function watchParent(pid: number, signal: 'INT' | 'QUIT' | 'TERM', removeAfterwards: readonly string[]): () => void {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'assay-postgres-watchdog', String(pid), signal, ...removeAfterwards], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  if (watchdog.pid === undefined) throw new Error('No process could be started that stops the server when this one is killed.');
  watchdog.unref();
  // Typed as a plain stream, but the pipe is a socket; it must not keep this process alive.
  (watchdog.stdin as Socket).unref();
  watchdog.stdin.on('error', () => undefined);
  return () => {
    watchdog.kill('SIGKILL');
  };
}
