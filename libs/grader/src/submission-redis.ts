import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceCgroup } from '@assay/sandbox/cgroup/service-cgroup';
import { ownedName, removeAbandoned } from './abandoned-folders';
import { InfrastructureFault } from './faults';
import { findRedis, type RedisProgram } from './redis-program';

const MIB = 2 ** 20;
const FOLDER_PREFIX = 'assay-redis';
const SOCKET = 'redis.sock';
const PROGRAM = '/redis-server';
/** The same for every submission: each sees a socket of its own there. */
export const REDIS_ENVIRONMENT: Readonly<Record<string, string>> = { REDIS_URL: `unix:///run/redis/${SOCKET}` };
const START_MS = 10_000;
const POLL_MS = 2;
const GROUP = { memoryBytes: 192 * MIB, processes: 16 };
/** Address space of the process, in KiB, and its largest file, in blocks of 512 bytes: it writes none. */
const PROCESS_LIMITS = ['262144', '0'];
/** Users of the host that neither people, services nor sandboxes have: just above those in `host-user.ts` of the sandbox. */
const USERS = { first: 61178, count: 6 };

/** Everything that Django's cache, sessions and locks need; nothing that reaches files, other servers or the server's own settings. */
const ALLOWED = [
  '+@all',
  '-@admin',
  '-@dangerous',
  '+flushdb',
  '+flushall',
  '+keys',
  '+sort',
  '+info',
  '-script|debug',
  '-function',
  '-fcall',
  '-fcall_ro',
];

const SETTINGS: Readonly<Record<string, string>> = {
  port: '0',
  unixsocket: `/run/redis/${SOCKET}`,
  unixsocketperm: '777',
  dir: '/run/redis',
  save: '',
  appendonly: 'no',
  maxmemory: '64mb',
  'maxmemory-policy': 'noeviction',
  'maxmemory-clients': '32mb',
  maxclients: '64',
  'client-query-buffer-limit': '16mb',
  'proto-max-bulk-len': '16mb',
  'busy-reply-threshold': '1000',
  'enable-debug-command': 'no',
  'enable-module-command': 'no',
  'enable-protected-configs': 'no',
  loglevel: 'warning',
};

/** Waits for a line, which does not come when the judge is gone; see `spawn-server.ts` of the database. */
const SCRIPT = `
read -r _ || exit 1
ulimit -c 0; ulimit -v "$1" 2>/dev/null; ulimit -f "$2" 2>/dev/null
shift 2
exec "$@" < /dev/null
`;

let found: RedisProgram | null = null;
let started = 0;

/**
 * A Redis for one submission: a process of its own, locked in without network, files and other processes, in a group of its own, with
 * nothing stored. It is all that the submission can see, and it is gone after the grade.
 */
export class SubmissionRedis {
  /** How the process ended before it was told to, or null. */
  private ended: string | null = null;
  private isStopping = false;
  private readonly exited: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly group: ServiceCgroup | null,
    /** Where the server makes its socket, which is moved to `socketDir`. */
    private readonly home: string,
    /** Folder with `redis.sock` alone, for the sandbox. */
    readonly socketDir: string,
  ) {
    this.exited = new Promise((resolve) => {
      const end = (how: string): void => {
        if (!this.isStopping) this.ended ??= how;
        resolve();
      };
      child.on('error', (error) => end(error.message));
      child.on('exit', (code, signal) => end(signal ?? `code ${code}`));
    });
  }

  /**
   * Resolves when the server answers.
   *
   * @param workDir existing folder of the judge for this run
   * @param find names the programs, see `findRedis`
   * @throws InfrastructureFault `redis-unavailable` when this machine cannot run one, `redis-failed` when it does not start
   */
  static async start(workDir: string, find: () => Promise<RedisProgram | string> = findOnce): Promise<SubmissionRedis> {
    const program = await find();
    if (typeof program === 'string') throw new InfrastructureFault('redis-unavailable', program);
    const user = process.getuid?.() === 0 ? USERS.first + (started++ % USERS.count) : null;
    const group = await ServiceCgroup.create(GROUP);
    const home = await makeHome(workDir, user);
    const socketDir = path.join(workDir, 'redis');
    await mkdir(socketDir);
    const redis = new SubmissionRedis(launch(program, home, user), group, home, socketDir);
    try {
      await group?.add(redis.child.pid ?? 0);
      redis.child.stdin?.end('\n');
      await redis.untilReady();
      await rename(path.join(home, SOCKET), path.join(socketDir, SOCKET));
      return redis;
    } catch (error) {
      await redis.stop();
      throw new InfrastructureFault('redis-failed', error instanceof Error ? error.message : String(error));
    }
  }

  /** What the project needs to reach it. */
  readonly environment = REDIS_ENVIRONMENT;

  /** The server's socket as the judge reaches it. */
  get socketPath(): string {
    return path.join(this.socketDir, SOCKET);
  }

  /** Why nothing that was seen of the submission counts: somebody else ended its server. Null too when it ended its server itself. */
  async fault(): Promise<InfrastructureFault | null> {
    if (this.ended === null || ((await this.group?.counters())?.memoryKills ?? 0) > 0) return null;
    // bubblewrap tells a signal as 128 and its number. A server that ran into a limit ends itself, with another signal.
    const isKilled = /^(SIGKILL|SIGTERM|code 137|code 143)$/.test(this.ended);
    return isKilled
      ? new InfrastructureFault('redis-failed', `the submission's Redis was ended from outside (${this.ended})`)
      : null;
  }

  /** Ends the server and removes what it left. May be called twice; never rejects. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.child.kill('SIGKILL');
    await this.exited;
    await this.group?.remove().catch(() => undefined);
    await rm(this.home, { recursive: true, force: true }).catch(() => undefined);
  }

  private async untilReady(): Promise<void> {
    let said = '';
    this.child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    this.child.stdout?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    for (const until = Date.now() + START_MS; Date.now() < until; await sleep(POLL_MS)) {
      if (this.ended !== null) throw new Error(`redis-server ended (${this.ended}): ${said.trim()}`);
      if (await answers(path.join(this.home, SOCKET))) return;
    }
    throw new Error(`redis-server did not answer within ${START_MS / 1000} seconds: ${said.trim()}`);
  }
}

/** What was missing is looked for again: an operator may have installed it. */
async function findOnce(): Promise<RedisProgram | string> {
  const program = found ?? (await findRedis());
  if (typeof program !== 'string') found = program;
  return program;
}

function launch(program: RedisProgram, home: string, user: number | null): ChildProcess {
  const binds = program.libraries.flatMap((file) => ['--ro-bind', file, file]);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => [`--${name}`, value]);
  const access = ['--user', 'default', 'on', 'nopass', '~*', '&*', ...ALLOWED];
  const walls = ['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session', '--clearenv'];
  const inside = [
    // One program under several names: it is what it is called.
    '--ro-bind',
    program.redis,
    PROGRAM,

    '--cap-drop',
    'ALL',
    '--dev',
    '/dev',
    '--bind',
    home,
    '/run/redis',
    '--remount-ro',
    '/',
    '--chdir',
    '/run/redis',
  ];
  return spawn(
    '/bin/sh',
    [
      '-c',
      SCRIPT,
      'assay-redis',
      ...PROCESS_LIMITS,
      program.bubblewrap,
      ...walls,
      ...binds,
      ...inside,
      PROGRAM,
      ...settings,
      ...access,
    ],
    {
      ...(user === null ? {} : { uid: user, gid: user }),
      cwd: '/',
      // Not in the process group of a terminal, where Ctrl-C would end it before its grade.
      detached: true,
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
}

/** A folder that the server's user can reach, on the file system of `workDir`, so that the socket can be moved. */
async function makeHome(workDir: string, user: number | null): Promise<string> {
  if (user === null) {
    const home = path.join(workDir, 'redis-home');
    await mkdir(home, { mode: 0o700 });
    return home;
  }
  const { dev } = await stat(workDir);
  for (const root of [path.dirname(workDir), os.tmpdir(), '/dev/shm']) {
    if ((await stat(root).catch(() => null))?.dev !== dev || !(await isOpen(root))) continue;
    await removeAbandoned(root, FOLDER_PREFIX);
    const home = path.join(root, `${ownedName(FOLDER_PREFIX)}${randomBytes(8).toString('hex')}`);
    await mkdir(home);
    await chown(home, user, user);
    await chmod(home, 0o700);
    return home;
  }
  throw new InfrastructureFault('redis-unavailable', `no folder beside ${workDir} can be reached by another user`);
}

async function isOpen(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || isOpen(parent);
}

/** Whether a server answers on a socket; not that it is there alone, for connecting works only after that. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    const tell = (isAnswer: boolean): void => {
      socket.destroy();
      resolve(isAnswer);
    };
    socket.setTimeout(1_000, () => tell(false));
    socket.on('error', () => tell(false));
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (chunk) => tell(chunk.toString('latin1').startsWith('+PONG')));
  });
}
