import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { ExpectationFailed } from './expectations';
import type { DatabaseTemplate } from './fresh-database';
import { GradingCluster } from './grading-cluster';
import { JudgedDatabase } from './judged-database';
import type { RunningCluster } from './running-cluster';
import { SubmissionDatabase } from './submission-database';

jest.setTimeout(120_000);

describe("a submission's database, on a real PostgreSQL", () => {
  const grading = new GradingCluster(() => undefined);
  let cluster: RunningCluster;
  let folder: string;
  let database: SubmissionDatabase;
  let judged: JudgedDatabase;
  let clients: Client[] = [];

  beforeAll(async () => {
    cluster = await grading.get();
  });
  afterAll(() => grading.close());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    await begin(folder, null);
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    await judged.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function begin(place: string, template: DatabaseTemplate | null): Promise<void> {
    database = await SubmissionDatabase.create(cluster, place, template);
    judged = await JudgedDatabase.open(database.access, () => cluster.isWell());
  }

  /** A session as the submission has it: through the proxy. */
  async function connect(overrides: { user?: string; database?: string } = {}): Promise<Client> {
    const client = new Client({
      host: database.socketDir,
      port: 5432,
      user: database.name,
      password: database.password,
      database: database.name,
      ...overrides,
    });
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    judged.proxy.takeWindow();
    return client;
  }

  async function counted(work: () => Promise<unknown>): Promise<number> {
    judged.proxy.takeWindow();
    await work().catch(() => undefined);
    await judged.proxy.settle(1_000);
    return judged.proxy.takeWindow().count;
  }

  describe('counting', () => {
    it('counts simple, prepared and named statements once each', async () => {
      const client = await connect();
      expect(await counted(() => client.query('SELECT 1'))).toBe(1);
      expect(await counted(() => client.query('SELECT $1::int', [1]))).toBe(1);
      const named = { name: 'again', text: 'SELECT $1::int', values: [1] };
      expect(await counted(async () => Promise.all([client.query(named), client.query(named), client.query(named)]))).toBe(3);
    });

    it('counts every statement of a multi-statement string', async () => {
      const client = await connect();
      expect(await counted(() => client.query('SELECT 1; SELECT 2; SELECT 3'))).toBe(3);
    });

    it('leaves out transaction control and session set-up, and counts what failed', async () => {
      const client = await connect();
      expect(await counted(() => client.query("SELECT set_config('TimeZone', 'UTC', false)"))).toBe(0);
      expect(await counted(() => client.query('BEGIN; SET LOCAL work_mem = 1024; SELECT 1; COMMIT'))).toBe(1);
      expect(await counted(() => client.query('SELECT nothing FROM nowhere'))).toBe(1);
      expect(await counted(() => client.query('SELECT $1::int FROM nowhere', [1]))).toBe(1);
      expect(await counted(() => client.query('SELECT 1'))).toBe(1);
    });

    it('is not fooled by text that looks like session set-up', async () => {
      const client = await connect();
      expect(await counted(() => client.query("SELECT set_config('TimeZone', 'UTC', false), 1"))).toBe(1);
      expect(await counted(() => client.query('/* BEGIN */ SELECT 1 -- COMMIT'))).toBe(1);
      expect(await counted(() => client.query("SELECT set_config('TimeZone', 'UTC', false); SELECT 2"))).toBe(2);
    });

    it('keeps the text of prepared statements, without a mix-up after an error', async () => {
      const client = await connect();
      await client.query('SELECT $1::int FROM nowhere', [1]).catch(() => undefined);
      judged.proxy.takeWindow();
      await client.query('SELECT $1::int AS after_the_error', [1]);
      expect(judged.proxy.takeWindow().texts).toEqual(['SELECT $1::int AS after_the_error']);
    });

    it('counts a pipeline of extended statements sent in one go', async () => {
      const count = await counted(() => pipeline(5));
      expect(count).toBe(5);
    });

    /** Speaks the protocol by hand: `times` Execute messages before one Sync, which node-postgres never does. */
    async function pipeline(times: number): Promise<void> {
      const client = await connect();
      const stream = client.connection.stream;
      const parse = message('P', Buffer.from('\0SELECT 1\0\0\0', 'latin1'));
      const bind = message('B', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]));
      const execute = message('E', Buffer.from([0, 0, 0, 0, 0]));
      const round = Buffer.concat([parse, bind, execute]);
      stream.write(Buffer.concat([...Array.from({ length: times }, () => round), message('S', Buffer.alloc(0))]));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  describe('walls', () => {
    it('lets nobody in under another user or into another database', async () => {
      // The server would answer with an error of its own: the connection must not get that far.
      await expect(connect({ user: 'judge' })).rejects.toThrow('Connection terminated unexpectedly');
      await expect(connect({ database: 'postgres' })).rejects.toThrow('Connection terminated unexpectedly');
      await expect(connect()).resolves.toBeDefined();
    });

    it('ends a connection that speaks no protocol, and goes on serving others', async () => {
      const answer = await new Promise<string>((resolve) => {
        const socket = createConnection(path.join(database.socketDir, '.s.PGSQL.5432'));
        socket.on('close', () => resolve('closed')).on('error', () => undefined);
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      });
      expect(answer).toBe('closed');
      expect((await (await connect()).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      expect(judged.proxy.fault).toBeNull();
    });

    it('declines encryption, refuses cancel requests and replication', async () => {
      const say = (...words: (number | string)[]) =>
        new Promise<string>((resolve) => {
          const socket = createConnection(path.join(database.socketDir, '.s.PGSQL.5432'));
          let heard = '';
          socket.on('error', () => undefined).on('close', () => resolve(`${heard} closed`));
          socket.on('data', (bytes) => {
            heard += bytes.toString('latin1');
            socket.end();
          });
          socket.write(packet(words));
        });
      expect(await say(80_877_103)).toBe('N closed');
      expect(await say(80_877_102, 1, 1)).toBe(' closed');
      expect(await say(3 << 16, `user\0${database.name}\0database\0${database.name}\0replication\0true\0\0`)).toBe(' closed');
      expect(await say(3 << 16, `user\0${database.name}\0database\0${database.name}\0\0`)).toMatch(/^R/);
    });

    it('gives the role no rights beyond its database', async () => {
      const client = await connect();
      const refused = [
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT pg_read_file('/etc/passwd')",
        'CREATE ROLE other',
        'CREATE DATABASE other',
        `ALTER ROLE ${database.name} SUPERUSER`,
        `SET ROLE ${database.name}_judge`,
        'SET ROLE judge',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${database.name}_judge'`,
      ];
      for (const sql of refused) await expect(client.query(sql)).rejects.toThrow(/permission denied/);
    });

    it("runs the judge's statements with the submission's rights, whatever a trigger tries", async () => {
      const client = await connect();
      await client.query(`
        CREATE TABLE log (who text, session text);
        CREATE TABLE book (id int);
        CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RESET ROLE; INSERT INTO log SELECT current_user, rolsuper::text FROM pg_roles WHERE rolname = session_user; RETURN NEW; END $$;
        CREATE TRIGGER spy BEFORE INSERT ON book FOR EACH ROW EXECUTE FUNCTION spy();`);
      await judged.session.query('INSERT INTO book VALUES (1)');
      expect(await judged.session.query('SELECT session FROM log')).toEqual([{ session: 'false' }]);
    });

    it('keeps the judge working when the submission changes its password and closes the database', async () => {
      const client = await connect();
      await client.query(`ALTER ROLE ${database.name} PASSWORD 'x'; ALTER DATABASE ${database.name} CONNECTION LIMIT 0`);
      expect(await judged.session.query('SELECT current_user::text AS me')).toEqual([{ me: database.name }]);
    });
  });

  describe("the judge's session", () => {
    it('fails the check when the schema does not fit', async () => {
      await expect(judged.session.query('SELECT * FROM catalog_book')).rejects.toThrow(ExpectationFailed);
    });

    it('fails the check when the submission makes an answer endless or its work immense', async () => {
      const client = await connect();
      await client.query("CREATE VIEW immense AS SELECT repeat('x', 1000) FROM generate_series(1, 1000000000)");
      await client.query("CREATE VIEW book AS SELECT repeat('x', 1000), generate_series(1, 1000000000)");
      await expect(judged.session.query('SELECT * FROM immense')).rejects.toThrow(ExpectationFailed);
      await expect(judged.session.query('SELECT * FROM book')).rejects.toThrow(ExpectationFailed);
      await expect(judged.session.query('SELECT 1')).rejects.toThrow(ExpectationFailed);
    });

    it('fails the check when the submission holds a lock', async () => {
      const client = await connect();
      await client.query('CREATE TABLE book (id int)');
      await client.query('BEGIN; LOCK TABLE book');
      await expect(judged.session.query('SELECT * FROM book')).rejects.toThrow(/lock timeout/);
    });

    it('returns counts as numbers, exact decimals and times as text', async () => {
      const rows = await judged.session.query(
        "SELECT count(*), 12.50::numeric(6,2) AS price, true AS ok, '2026-01-02 03:04:05'::timestamp AS at, $1::jsonb AS doc",
        ['{"a": [1]}'],
      );
      expect(rows).toEqual([{ count: 1, price: '12.50', ok: true, at: '2026-01-02 03:04:05', doc: { a: [1] } }]);
    });
  });

  it('copies a template with everything in it owned by the new role', async () => {
    const client = await connect();
    await client.query("CREATE TABLE book (id serial PRIMARY KEY, title text); INSERT INTO book (title) VALUES ('One')");
    await client.end();
    await judged.close();
    const template = await database.toTemplate();
    const other = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    await begin(other, template);
    const copy = await connect();
    await copy.query("INSERT INTO book (title) VALUES ('Two'); ALTER TABLE book ADD COLUMN year int; DROP TABLE book");
    const [owner] = await cluster.administer('SELECT datdba::regrole::text AS owner FROM pg_database WHERE datname = $1', [
      template.database,
    ]);
    expect(owner).toEqual({ owner: 'judge' });
    await rm(other, { recursive: true, force: true });
  });

  it('leaves no database and no role behind', async () => {
    await connect();
    const name = database.name;
    await judged.close();
    await database.drop();
    expect(await cluster.administer('SELECT datname FROM pg_database WHERE datname = $1', [name])).toEqual([]);
    expect(await cluster.administer("SELECT rolname FROM pg_roles WHERE rolname LIKE $1 || '%'", [name])).toEqual([]);
    await begin(await mkdtemp(path.join(folder, 'x-')), null);
  });
});

/** A packet without a type byte, as a client's first one is. */
function packet(words: readonly (number | string)[]): Buffer {
  const parts = words.map((word) => {
    if (typeof word === 'string') return Buffer.from(word, 'latin1');
    const number = Buffer.alloc(4);
    number.writeInt32BE(word);
    return number;
  });
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([length, ...parts]);
}

function message(type: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(payload.length + 4, 1);
  return Buffer.concat([header, payload]);
}
