import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the private socket folders of this library begin with. */
export const TEMPORARY_SOCKET_DIR = path.join(os.tmpdir(), 'assay-pg-');

const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/**
 * Stops a server that still runs in `dataDir` after the process that started it was killed, and clears a `postmaster.pid` whose
 * number now belongs to an unrelated process (frequent in containers, where numbers repeat). A file that names no living process
 * is left to Postgres, which checks shared memory before it takes the folder over.
 */
export async function stopLeftoverPostmaster(dataDir: string, onProgress: (line: string) => void): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === null || !isAlive(pid)) return;
  if (!worksIn(pid, dataDir)) {
    rmSync(pidFile, { force: true });
    return;
  }
  onProgress(`Stopping the database server that an earlier, killed process left running (process ${pid})`);
  // Line 5 names the folder of the unix socket; one that an earlier start made for itself goes with its server.
  const socketDir = readFileSync(pidFile, 'utf8').split('\n')[4] ?? '';
  await stopPostmaster(pid);
  if (socketDir.startsWith(TEMPORARY_SOCKET_DIR)) rmSync(socketDir, { recursive: true, force: true });
}

/** Fast shutdown (sessions are ended, data is flushed), then an immediate one; throws when the process survives both. */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await hasEnded(pid, FAST_SHUTDOWN_MS)) return;
  signal(pid, 'SIGQUIT');
  if (await hasEnded(pid, IMMEDIATE_SHUTDOWN_MS)) return;
  throw new Error(
    `The database server (process ${pid}) did not stop within ${(FAST_SHUTDOWN_MS + IMMEDIATE_SHUTDOWN_MS) / 1000} seconds`,
  );
}

/** Immediate shutdown without a checkpoint, for a cluster whose data is thrown away. */
export async function stopPostmasterAtOnce(pid: number): Promise<void> {
  signal(pid, 'SIGQUIT');
  if (!(await hasEnded(pid, IMMEDIATE_SHUTDOWN_MS))) signal(pid, 'SIGKILL');
  await hasEnded(pid, IMMEDIATE_SHUTDOWN_MS);
}

/** Whether a process with this number exists (a zombie does not count). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return processState(pid) !== 'Z';
}

/** When a process started, in the system's own unit, to tell it from a later one with the same number; empty where unknown. */
export function processStart(pid: number): string {
  return statFields(pid)[19] ?? '';
}

function processState(pid: number): string {
  return statFields(pid)[0] ?? '';
}

/** Fields of /proc/<pid>/stat from the third on (the second is a name that may hold spaces). */
function statFields(pid: number): string[] {
  const file = `/proc/${pid}/stat`;
  try {
    const text = readFileSync(file, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** A postmaster's working directory is its data folder. Where that cannot be asked (no /proc), the file is believed. */
function worksIn(pid: number, dataDir: string): boolean {
  if (!existsSync('/proc/self/cwd')) return true;
  try {
    return realpathSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}

function readPid(file: string): number | null {
  if (!existsSync(file)) return null;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return pid > 1 ? pid : null;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}
