import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { ProcessAccount } from './process-account';

/** What every process of a server may have. Without limits of its own a server has those of this process. */
export interface ServerLimits {
  /**
   * Private memory of one process, in bytes (RLIMIT_DATA; shared buffers do not count). PostgreSQL answers with the error `out of memory`
   * and goes on. Must leave it the few MiB that it starts with.
   */
  readonly dataBytes?: number;
  /** Largest file, in bytes (RLIMIT_FSIZE). */
  readonly fileBytes?: number;
}

export interface ServerProgram {
  readonly postgres: string;
  readonly args: readonly string[];
  readonly account: ProcessAccount | null;
  /** Begun anew. */
  readonly logFile: string;
  readonly limits: ServerLimits;
  /** Of the server's sessions, 0 to 1000: how early the kernel kills them when memory runs out. Null: as this process. */
  readonly oomScore: number | null;
  readonly beforeStart: ((pid: number) => Promise<void>) | undefined;
}

/**
 * Waits for a line, which does not come when the judge is gone, then becomes the server: `$1` and `$2` are limits in KiB and in blocks
 * of 512 bytes, the rest is the program. A limit that is refused is lower already. The process joins groups from outside, because its
 * user may not, and is in them when the program begins.
 */
const SCRIPT = `
read -r _ || exit 1
ulimit -c 0; ulimit -d "$1" 2>/dev/null; ulimit -f "$2" 2>/dev/null
shift 2
exec "$@" < /dev/null
`;

/** Starts the server's process in a session of its own. */
export function spawnServer(program: ServerProgram): ChildProcess {
  const ids = program.account ? { uid: program.account.uid, gid: program.account.gid } : {};
  const { dataBytes, fileBytes } = program.limits;
  const limits = [inUnits(dataBytes, 1024), inUnits(fileBytes, 512)];
  const log = openSync(program.logFile, 'w', 0o600);
  closeSync(log);
  // Appending, so that a log which is cut short meanwhile really gets shorter.
  const output = openSync(program.logFile, 'a');
  try {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'assay-postgres', ...limits, program.postgres, ...program.args], {
      ...ids,
      cwd: '/',
      // A session of its own, so that Ctrl-C in the terminal reaches it only through stop(), after everything that uses it.
      detached: true,
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC', ...oomSettings(program.oomScore) },
      stdio: ['pipe', output, output],
    });
    child.unref();
    void begin(child, program);
    return child;
  } finally {
    closeSync(output);
  }
}

async function begin(child: ChildProcess, { beforeStart, logFile }: ServerProgram): Promise<void> {
  // It was not started; whoever waits for it hears why.
  if (child.pid === undefined) return;
  const gate = child.stdin as Writable;
  gate.on('error', () => undefined);
  try {
    await beforeStart?.(child.pid);
    gate.end('\n');
  } catch (error) {
    appendFileSync(logFile, `${error instanceof Error ? error.message : String(error)}\n`);
    // The program must not run outside of what was prepared for it.
    gate.destroy();
  }
}

function inUnits(bytes: number | undefined, unit: number): string {
  return bytes === undefined ? 'unlimited' : String(Math.floor(bytes / unit));
}

/** PostgreSQL lets its sessions, not itself, have this score. */
function oomSettings(score: number | null): Readonly<Record<string, string>> {
  return score === null ? {} : { PG_OOM_ADJUST_FILE: '/proc/self/oom_score_adj', PG_OOM_ADJUST_VALUE: String(score) };
}
