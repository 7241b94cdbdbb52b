import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { GradingCluster } from './grading-cluster';
import { JudgedDatabase } from './judged-database';
import { SubmissionDatabase } from './submission-database';

jest.setTimeout(120_000);

describe('statements that a submission would like to hide from the count', () => {
  const grading = new GradingCluster(() => undefined);
  let folder: string;
  let database: SubmissionDatabase;
  let judged: JudgedDatabase;
  let client: Client;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    const cluster = await grading.get();
    database = await SubmissionDatabase.create(cluster, folder, null);
    judged = await JudgedDatabase.open(database.access, () => cluster.isWell());
  });
  afterAll(async () => {
    await judged.close();
    await database.drop();
    await grading.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    client = await connect();
  });
  afterEach(() => client.connection.stream.destroy());

  async function connect(): Promise<Client> {
    const opened = new Client({
      host: database.socketDir,
      port: 5432,
      user: database.name,
      password: database.password,
      database: database.name,
    });
    opened.on('error', () => undefined);
    await opened.connect();
    judged.proxy.takeWindow();
    return opened;
  }

  /** Sends messages as they are, past all that a driver would do, and returns what was counted and what came back. */
  async function send(...messages: readonly Buffer[]): Promise<{ count: number; texts: readonly string[]; heard: string }> {
    judged.proxy.takeWindow();
    const { stream } = client.connection;
    stream.removeAllListeners('data');
    let heard = '';
    stream.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
    });
    for (const bytes of messages) {
      stream.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await judged.proxy.settle(500);
    return { ...judged.proxy.takeWindow(), heard };
  }

  const secret = "'se' || 'cret'";
  const set = "SELECT set_config('TimeZone', 'UTC', false)";

  it('rows of a portal that is never read to its end', async () => {
    const answer = await send(Buffer.concat([parse('', `SELECT ${secret}`), bind('', ''), execute('', 1), sync()]));
    expect(answer).toMatchObject({ count: 1, heard: expect.stringContaining('secret') });
  });

  it('a statement that fails and tells its result in the error', async () => {
    const raise = `DO $$ BEGIN RAISE EXCEPTION '%', (SELECT ${secret}); END $$`;
    expect(await send(query(raise))).toMatchObject({ count: 1, heard: expect.stringContaining('secret') });
    const cast = Buffer.concat([parse('', `SELECT (${secret})::int`), bind('', ''), execute('', 0), sync()]);
    expect(await send(cast)).toMatchObject({ count: 1, heard: expect.stringContaining('secret') });
  });

  it('work done while a statement is planned that is never executed', async () => {
    await send(
      query(`CREATE FUNCTION tell() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
      BEGIN RAISE NOTICE '%', ${secret}; RETURN 1; END $$`),
    );
    const answer = await send(Buffer.concat([parse('', 'SELECT tell()'), bind('', ''), sync()]));
    expect(answer.heard).toContain('secret');
    expect(answer.count).toBeGreaterThanOrEqual(1);
  });

  it('one COPY that never ends and answers each row with a notice', async () => {
    await send(
      query(`CREATE TABLE asked (sql text); CREATE FUNCTION answer() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE result text; BEGIN EXECUTE NEW.sql INTO result; RAISE NOTICE '%', result; RETURN NULL; END $$;
      CREATE TRIGGER answer BEFORE INSERT ON asked FOR EACH ROW EXECUTE FUNCTION answer()`),
    );
    const rows = [1, 2, 3].map(() => message('d', Buffer.from(`SELECT ${secret}\n`)));
    const answer = await send(query('COPY asked FROM STDIN'), ...rows);
    expect(answer.heard.match(/secret/g)).toHaveLength(3);
    expect(answer.count).toBeGreaterThanOrEqual(3);
  });

  it('a statement under a name that was announced for the set-up of the session', async () => {
    await send(Buffer.concat([parse('x', `SELECT ${secret}`), sync()]), Buffer.concat([parse('x', set), sync()]));
    const answer = await send(Buffer.concat([bind('', 'x'), execute('', 0), sync()]));
    expect(answer).toMatchObject({ count: 1, texts: [`SELECT ${secret}`], heard: expect.stringContaining('secret') });
  });

  it('a statement that takes the place of one that the server skipped', async () => {
    await send(Buffer.concat([parse('', 'SELEC'), query(set), query(set), query(set), sync()]));
    const answer = await send(query(`SELECT ${secret}`));
    expect(answer).toMatchObject({ count: 1, texts: [`SELECT ${secret}`], heard: expect.stringContaining('secret') });
  });

  it("leaves out Django's set-up of a session only where it begins one", async () => {
    expect((await send(query(set))).count).toBe(0);
    expect((await send(query('SELECT 1'), query(set))).count).toBe(2);
  });

  it('ends a connection that asks for ever more without waiting', async () => {
    const flood = Buffer.concat(Array.from({ length: 50_000 }, sync));
    const ended = new Promise((resolve) => client.connection.stream.once('close', resolve));
    // Nothing is answered while the first of them runs.
    await send(Buffer.concat([parse('', 'SELECT pg_sleep(2)'), bind('', ''), execute('', 0), flood]));
    await ended;
    expect(judged.proxy.fault).toBeNull();
  });
});

function message(type: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(payload.length + 4, 1);
  return Buffer.concat([header, payload]);
}

function query(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`));
}

function parse(name: string, sql: string): Buffer {
  return message('P', Buffer.from(`${name}\0${sql}\0\0\0`));
}

function bind(portal: string, name: string): Buffer {
  return message('B', Buffer.concat([Buffer.from(`${portal}\0${name}\0`), Buffer.alloc(6)]));
}

function execute(portal: string, rows: number): Buffer {
  const limit = Buffer.alloc(4);
  limit.writeInt32BE(rows);
  return message('E', Buffer.concat([Buffer.from(`${portal}\0`), limit]));
}

function sync(): Buffer {
  return message('S', Buffer.alloc(0));
}
