import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { isAlive } from './leftover-postmaster';
import { type PostgresCluster, type PostgresClusterOptions, startPostgresCluster } from './postgres-cluster';

const login = { superuser: 'assay', password: 'p@ss/w:rd' };

let base: string;
let started: PostgresCluster[];

async function start(options: Partial<PostgresClusterOptions> = {}): Promise<PostgresCluster> {
  const cluster = await startPostgresCluster({
    dataDir: path.join(base, 'data'),
    settings: {},
    ...login,
    ...options,
  });
  started.push(cluster);
  return cluster;
}

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  // A server that is stopped ends its sessions; that is no failure of the test.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean, everyMs = 50): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (condition()) return;
    await sleep(everyMs);
  }
  throw new Error('the condition did not come true');
}

beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'assay-cluster-spec-'));
  chmodSync(base, 0o755);
  started = [];
});

afterEach(async () => {
  for (const cluster of started) await cluster.stop();
  rmSync(base, { recursive: true, force: true });
});

describe('startPostgresCluster', () => {
  it('keeps its data between starts, and the second start creates nothing', async () => {
    const lines: string[] = [];
    const first = await start({ onProgress: (line) => lines.push(line) });
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    expect(lines.filter((line) => line.startsWith('Creating'))).toHaveLength(1);

    const second = await start({ onProgress: (line) => lines.push(line) });
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(lines.filter((line) => line.startsWith('Creating'))).toHaveLength(1);
  });

  it('listens on the unix socket only when told so, and removes an ephemeral cluster when stopped', async () => {
    const socketDir = path.join(base, 'socket');
    const cluster = await start({ port: null, socketDir, ephemeral: true, settings: { max_connections: '17' } });
    expect(cluster.port).toBe(5432);
    expect(existsSync(path.join(socketDir, '.s.PGSQL.5432'))).toBe(true);
    const [row] = await query<Record<string, string>>(
      cluster.url,
      `select current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync, current_setting('max_connections') as connections`,
    );
    expect(row).toEqual({ addresses: '', fsync: 'off', connections: '17' });
    expect(cluster.version).toMatch(/^18\./);
    await cluster.stop();
    await cluster.stop();
    expect(readdirSync(base).sort()).toEqual(['socket']);
  });

  it('asks for the password on the socket and over TCP', async () => {
    const cluster = await start({ ephemeral: true });
    const wrong = cluster.url.replace(encodeURIComponent(login.password), 'wrong');
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
    const overSocket = `postgres://assay:wrong@${encodeURIComponent(cluster.socketDir)}:${cluster.port}/postgres`;
    await expect(query(overSocket, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('begins again after an interrupted creation', async () => {
    mkdirSync(path.join(base, 'data.partial-abc123', 'base'), { recursive: true });
    writeFileSync(path.join(base, 'data.partial-abc123', 'PG_VERSION'), '18\n');
    const cluster = await start();
    expect(await query(cluster.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(base).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('refuses a folder that holds something else, and one of another major version', async () => {
    mkdirSync(path.join(base, 'data'));
    writeFileSync(path.join(base, 'data', 'letter.txt'), 'mine');
    await expect(start()).rejects.toThrow('neither empty nor a PostgreSQL data folder');
    writeFileSync(path.join(base, 'data', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow('was made by PostgreSQL 15');
    expect(readFileSync(path.join(base, 'data', 'letter.txt'), 'utf8')).toBe('mine');
  });

  it('refuses a folder that a living process uses', async () => {
    await start();
    await expect(start()).rejects.toThrow(`is in use by process ${process.pid}`);
  });

  it('says why the server did not start', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    await expect(start({ port })).rejects.toThrow('Address already in use');
    await new Promise((resolve) => taken.close(resolve));
    await expect(start({ settings: { no_such_setting: '1' } })).rejects.toThrow(
      'unrecognized configuration parameter "no_such_setting"',
    );
    await expect(start({ socketDir: `/tmp/${'long'.repeat(30)}` })).rejects.toThrow('longer than the 90 bytes');
  });

  it('begins in what was prepared for its process, or not at all', async () => {
    const prepared: number[] = [];
    const prepare = async (pid: number): Promise<void> => {
      await sleep(200);
      expect(existsSync(path.join(base, 'data', 'postmaster.pid'))).toBe(false);
      prepared.push(pid);
    };
    const cluster = await start({ beforeStart: prepare, ephemeral: true });
    expect(prepared).toEqual([cluster.pid]);
    await cluster.stop();
    await expect(start({ beforeStart: () => Promise.reject(new Error('no group for it')) })).rejects.toThrow('no group for it');
  });

  it('answers what needs more memory than a process may have with an error, and goes on', async () => {
    const cluster = await start({ limits: { dataBytes: 64 * 2 ** 20, fileBytes: 32 * 2 ** 20 }, ephemeral: true });
    const client = new Client({ connectionString: cluster.url });
    await client.connect();
    try {
      await expect(client.query("SET work_mem = '8GB'; SELECT repeat('x', 200000000)")).rejects.toThrow('out of memory');
      await expect(
        client.query('CREATE TABLE t AS SELECT repeat(md5(g::text), 50) FROM generate_series(1, 100000) AS g'),
      ).rejects.toThrow(/could not (extend|write)/);
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await client.end();
    }
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${cluster.pid}/limits`, 'utf8')).toMatch(/Max data size +67108864 +67108864/);
  });

  it('starts after its server was killed, and with a postmaster.pid whose number belongs to another process', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const pidFile = path.join(base, 'data', 'postmaster.pid');
    expect(existsSync(pidFile)).toBe(true);
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();

    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(pidFile, `${stranger.pid}\n${path.join(base, 'data')}\n`);
    const third = await start();
    expect(await query(third.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    stranger.kill();
  });
});

describe('a server in a process of its own', () => {
  const parents: ChildProcess[] = [];

  afterEach(() => {
    for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  });

  /** Starts a cluster in a process of its own and gives that process and the server's number. */
  async function startInOtherProcess(
    options: Partial<PostgresClusterOptions>,
    afterwards = 'setInterval(() => {}, 1000)',
    isReached?: () => boolean,
  ): Promise<{ parent: ChildProcess; serverPid: number; output: () => string }> {
    const all = { dataDir: path.join(base, 'data'), settings: {}, ...login, ...options };
    const hook = require.resolve('@swc/core');
    const script = `
      const { readFileSync } = require('node:fs'); const Module = require('node:module'); const path = require('node:path');
      const swc = require(${JSON.stringify(hook)});
      Module._extensions['.ts'] = (module, file) => module._compile(swc.transformSync(readFileSync(file, 'utf8'),
        { filename: file, swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }).code, file);
      require(${JSON.stringify(path.join(__dirname, 'postgres-cluster.ts'))}).startPostgresCluster(${JSON.stringify(all)})
        .then((cluster) => { process.stdout.write('pid ' + cluster.pid + '\\n'); ${afterwards} });`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    parents.push(parent);
    let output = '';
    parent.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(isReached ?? (() => /pid \d+\n/.test(output)), isReached ? 2 : 50);
    return { parent, serverPid: Number(/pid (\d+)/.exec(output)?.[1]), output: () => output };
  }

  it('is waited for when it stops, though nothing else keeps the process alive', async () => {
    // The worst moment: the server is gone, this process has not been told, and its event loop is about to find nothing to do.
    const { output } = await startInOtherProcess(
      { ephemeral: true },
      `setImmediate(() => {
         process.kill(cluster.pid, 'SIGKILL');
         for (const end = Date.now() + 500; Date.now() < end; );
         cluster.stop().then(() => process.stdout.write('stopped'));
       })`,
    );
    await until(() => output().includes('stopped'));
  });

  it('ends with a killed parent; the next start finds the data', async () => {
    const { parent, serverPid } = await startInOtherProcess({});
    parent.kill('SIGKILL');
    await until(() => !isAlive(serverPid));
    const next = await start();
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('ends with a killed parent, and its files too when they are ephemeral', async () => {
    const { parent, serverPid } = await startInOtherProcess({ ephemeral: true });
    expect(existsSync(path.join(base, 'data'))).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(serverPid) && !existsSync(path.join(base, 'data')));
  });

  it('leaves nothing of a cluster whose parent is killed while it is created', async () => {
    const { parent } = await startInOtherProcess({ ephemeral: true }, 'setInterval(() => {}, 1000)', () =>
      readdirSync(base).some((name) => name.includes('.partial-') && existsSync(path.join(base, name, 'PG_VERSION'))),
    );
    parent.kill('SIGKILL');
    await until(() => readdirSync(base).length === 0);
  });

  it('is stopped by the next start when its watchdog was killed as well', async () => {
    const { parent, serverPid } = await startInOtherProcess({});
    const watchdog = spawnSync('pgrep', ['-f', `assay-postgres-watchdog ${serverPid} `], { encoding: 'utf8' }).stdout.trim();
    process.kill(Number(watchdog), 'SIGKILL');
    parent.kill('SIGKILL');
    await until(() => parent.exitCode !== null || parent.signalCode !== null);
    expect(isAlive(serverPid)).toBe(true);
    const lines: string[] = [];
    const next = await start({ onProgress: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringContaining(`process ${serverPid}`)]);
    expect(isAlive(serverPid)).toBe(false);
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('a folder that the database user cannot reach', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = path.join(base, 'state');
  });

  it('is a link to one that it can, found again by the next start and removed with an ephemeral cluster', async () => {
    const hidden = path.join(base, 'private');
    mkdirSync(hidden, { mode: 0o700 });
    const dataDir = path.join(hidden, 'data');
    const first = await start({ dataDir, stateDir });
    expect(lstatSync(dataDir).isSymbolicLink()).toBe(true);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start({ dataDir, stateDir });
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    const third = await start({ dataDir, stateDir, ephemeral: true });
    await third.stop();
    expect(readdirSync(path.join(stateDir, 'clusters'))).toEqual([]);
    expect(readdirSync(hidden)).toEqual([]);
  });

  it('leaves behind only what may still be wanted: of a temporary link that is gone, nothing after an hour', async () => {
    const clusters = path.join(stateDir, 'clusters');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const [name, link] of [
      ['data-temporary', path.join(base, 'gone')],
      ['data-on-absent-disk', '/mnt/absent/data/postgres'],
    ] as const) {
      mkdirSync(path.join(clusters, name, 'cluster'), { recursive: true });
      writeFileSync(path.join(clusters, name, 'linked-from'), link);
      utimesSync(path.join(clusters, name), longAgo, longAgo);
    }
    const hidden = path.join(base, 'private');
    mkdirSync(hidden, { mode: 0o700 });
    await start({ dataDir: path.join(hidden, 'data'), stateDir, ephemeral: true });
    expect(readdirSync(clusters).filter((name) => name.startsWith('data-temporary') || name.startsWith('data-on'))).toEqual([
      'data-on-absent-disk',
    ]);
  });
});
