import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCgroups } from '@assay/sandbox/cgroup/find-cgroups';
import { Client } from 'pg';
import type { DatabaseExcess } from './database-limits';
import { InfrastructureFault, SubmissionFault } from './faults';
import { GradingCluster, type ServerLease } from './grading-cluster';
import { SubmissionDatabase } from './submission-database';

jest.setTimeout(180_000);

const MIB = 2 ** 20;
const ROWS = 'generate_series(1, 4000000) AS g';

/** Statements that ask for gigabytes of memory. PostgreSQL refuses some by itself: those must only do no harm. */
const GREEDY: Readonly<Record<string, string>> = {
  sort: `SET work_mem = '8GB'; SELECT count(*) FROM (SELECT repeat('x', 1000) || g AS s FROM ${ROWS} ORDER BY 1 OFFSET 10) t`,
  'hash join': `SET work_mem = '8GB'; SET hash_mem_multiplier = 1000; SET enable_mergejoin = off;
    SELECT count(*) FROM generate_series(1, 20000000) a JOIN generate_series(1, 20000000) b ON a = b`,
  'hash aggregate': `SET work_mem = '8GB'; SET enable_sort = off; SELECT count(*) FROM (SELECT md5(g::text) FROM ${ROWS} GROUP BY 1) t`,
  array_agg: `SELECT cardinality(array_agg(repeat('x', 1000))) FROM ${ROWS}`,
  string_agg: `SELECT length(string_agg(repeat('x', 1000), '')) FROM ${ROWS}`,
  jsonb_agg: `SELECT length(jsonb_agg(repeat('x', 1000))::text) FROM ${ROWS}`,
  repeat: "SELECT length(repeat('x', 1000000000))",
  'a growing variable': `DO $$ DECLARE a text[]; BEGIN FOR i IN 1..1000000000 LOOP a := a || repeat('x', 1000); END LOOP; END $$`,
  'a recursive query': `SET work_mem = '8GB'; WITH RECURSIVE r AS (SELECT 1 AS n, repeat('x', 1000) AS s UNION ALL SELECT n + 1, s || n FROM r)
    SELECT count(*) FROM r`,
  'temporary buffers': `SET temp_buffers = '8GB'; CREATE TEMP TABLE t AS SELECT g, repeat('x', 1000) AS s FROM generate_series(1, 400000) AS g;
    SELECT count(*) FROM t`,
  'an index build': `CREATE TABLE big AS SELECT md5(g::text) AS m FROM generate_series(1, 1000000) AS g;
    SET maintenance_work_mem = '2047GB'; CREATE INDEX ON big (m); DROP TABLE big`,
  'a large object': "SELECT length(lo_get(lo_from_bytea(0, decode(repeat('00', 300000000), 'hex'))))",
  'prepared statements': `DO $$ BEGIN FOR i IN 1..10000000 LOOP
    EXECUTE format('PREPARE p%s AS SELECT %L::text', i, repeat('x', 10000)); END LOOP; END $$`,
  portals: `DO $$ DECLARE c refcursor; BEGIN FOR i IN 1..10000000 LOOP c := 'c' || i; OPEN c FOR SELECT repeat('x', 10000) FROM generate_series(1, 10); END LOOP; END $$`,
  'sub-transactions': `CREATE TABLE s (n int); DO $$ BEGIN FOR i IN 1..10000000 LOOP BEGIN INSERT INTO s VALUES (i); EXCEPTION WHEN others THEN NULL; END; END LOOP; END $$`,
};

describe('the limits of a submission on its database server', () => {
  const grading = new GradingCluster(() => undefined);
  let lease: ServerLease;
  let folder: string;
  let database: SubmissionDatabase;
  let clients: Client[] = [];
  let excess: Promise<DatabaseExcess>;

  async function begin(from: GradingCluster): Promise<void> {
    lease = await from.lease();
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    database = await SubmissionDatabase.create(lease.server, folder, null);
    excess = new Promise((resolve) => database.watchLimits(resolve));
  }
  async function end(): Promise<void> {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    clients = [];
    await database.drop();
    lease.release();
    await rm(folder, { recursive: true, force: true });
  }
  afterAll(() => grading.close());

  async function connect(seconds = 30): Promise<Client> {
    const { server, database: name } = database.access;
    const client = new Client({
      host: server.socketDir,
      port: server.port,
      user: name,
      password: database.password,
      database: name,
    });
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    await client.query(`SET statement_timeout = '${seconds}s'`);
    return client;
  }

  /** The error of a statement, or what its last result was. */
  const outcome = (client: Client, sql: string): Promise<string> =>
    client.query(sql).then(
      () => 'done',
      (error: Error) => error.message,
    );

  describe('statements that ask for gigabytes', () => {
    beforeAll(() => begin(grading));
    afterAll(end);

    it.each(Object.entries(GREEDY))('%s: the statement ends, the server stays as it is', async (_name, sql) => {
      const before = lease.server.postgres.pid;
      const client = await connect(5);
      expect(await outcome(client, sql)).toMatch(
        /^done$|out of memory|memory alloc|temp_file_limit|statement timeout|array size|string buffer/,
      );
      await client.end();
      expect(await outcome(await connect(), 'SELECT 1')).toBe('done');
      expect(await lease.server.trouble()).toBeNull();
      expect((await lease.server.memoryKills()) ?? 0).toBe(0);
      expect((await grading.get()).postgres.pid).toBe(before);
    });
  });

  describe('what all sessions take together', () => {
    beforeEach(() => begin(grading));
    afterEach(end);

    it('memory: it is noticed before the server has to suffer', async () => {
      const hold =
        "DO $$ DECLARE a text[]; BEGIN FOR i IN 1..70000 LOOP a := a || repeat('x', 1000); END LOOP; PERFORM pg_sleep(10); END $$";
      const sessions = await Promise.all(Array.from({ length: 12 }, () => connect()));
      const held = sessions.map((session) => outcome(session, hold));
      expect(await excess).toBe('memory');
      expect(await lease.server.isWell()).toBe(true);
      await database.drop();
      await Promise.all(held);
    });

    it('temporary files', async () => {
      const sort = `DO $$ DECLARE c CURSOR FOR SELECT repeat('x', 1000) || g FROM generate_series(1, 110000) AS g ORDER BY 1; row record;
        BEGIN SET work_mem = '64kB'; OPEN c; FETCH c INTO row; PERFORM pg_sleep(10); END $$`;
      const sessions = await Promise.all(Array.from({ length: 4 }, () => connect()));
      const sorted = sessions.map((session) => outcome(session, sort));
      expect(await excess).toBe('temporary-files');
      await database.drop();
      await Promise.all(sorted);
    });

    it('size, in tables that are not even committed', async () => {
      const fill = outcome(
        await connect(),
        'CREATE UNLOGGED TABLE fill AS SELECT repeat(md5(a::text), 30) FROM generate_series(1, 3000) AS a, generate_series(1, 3000)',
      );
      expect(await excess).toBe('size');
      await database.drop();
      await fill;
    });

    it('sessions: no more than sixteen, and the judge still gets in', async () => {
      const opened = await Promise.allSettled(Array.from({ length: 40 }, () => connect()));
      expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
      expect(await lease.server.administer('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const { server, judge, database: name } = database.access;
      const client = new Client({ host: server.socketDir, port: server.port, ...judge, database: name });
      await client.connect();
      await client.end();
    });

    it('the log of what is written: it takes no more room when all is written again and again', async () => {
      const client = await connect();
      await client.query('CREATE TABLE t (n int, filler text)');
      for (let round = 0; round < 30; round += 1)
        await client.query("INSERT INTO t SELECT g, repeat('x', 500) FROM generate_series(1, 20000) AS g");
      const [row] = await lease.server.administer('SELECT sum(size) AS bytes FROM pg_ls_waldir()');
      expect(Number(row?.bytes)).toBeGreaterThan(32 * MIB);
      expect(Number(row?.bytes)).toBeLessThan(256 * MIB);
    });
  });

  it('a server whose memory is used up ends: the submission that was alone on it is to blame, and the next grade gets another', async () => {
    const { parents } = await findCgroups();
    const tight = new GradingCluster(() => undefined, 220 * MIB);
    try {
      await begin(tight);
      const first = lease.server.postgres.pid;
      const hold =
        "DO $$ DECLARE a text[]; BEGIN FOR i IN 1..80000 LOOP a := a || repeat('x', 1000); END LOOP; PERFORM pg_sleep(5); END $$";
      const sessions = await Promise.all(Array.from({ length: 4 }, () => connect()));
      const said = await Promise.all(sessions.map((session) => outcome(session, hold)));
      if (!parents) return;
      expect(said.join()).toMatch(/terminat/);
      for (let tries = 0; tries < 100 && !lease.server.ended; tries += 1) await sleep(50);
      const fault = await database.fault();
      expect(fault).toBeInstanceOf(SubmissionFault);
      expect(fault).toMatchObject({ outcome: 'ungradable', reason: { code: 'too-much-database-memory' } });
      await end();
      await begin(tight);
      expect(lease.server.postgres.pid).not.toBe(first);
      expect(await database.fault()).toBeNull();
    } finally {
      await end();
      await tight.close();
    }
  });

  it('a server that is killed is a fault of ours', async () => {
    const own = new GradingCluster(() => undefined);
    try {
      await begin(own);
      const client = await connect();
      const idle = new Promise<void>((resolve) => client.on('end', () => resolve()));
      process.kill(lease.server.postgres.pid, 'SIGKILL');
      await idle;
      expect(await database.fault()).toBeInstanceOf(InfrastructureFault);
      await end();
      await begin(own);
      // A session that is killed takes the others with it, and the project whose session it was hears of it first.
      const session = await connect();
      const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const lost = outcome(session, 'SELECT pg_sleep(30)');
      process.kill(Number(rows[0]?.pid), 'SIGKILL');
      expect(await lost).toMatch(/terminated|ECONNRESET/);
      expect(await database.fault()).toMatchObject({ code: 'grading-database-failed' });
    } finally {
      await end();
      await own.close();
    }
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain('assay-grading');
  });
});
