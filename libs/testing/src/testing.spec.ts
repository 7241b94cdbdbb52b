import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { openTestDatabase } from './test-database';
import { startProcess } from './test-process';
import { waitFor } from './wait-for';

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

describe('openTestDatabase', () => {
  it('gives each caller a migrated database of its own', async () => {
    const [one, two] = await Promise.all([openTestDatabase(), openTestDatabase()]);
    try {
      await query(one.adminUrl, 'CREATE TABLE only_in_one (id int)');
      expect(await query(two.adminUrl, `SELECT to_regclass('only_in_one') AS found`)).toEqual([{ found: null }]);
      const [tables] = await query<{ count: string }>(two.ownerUrl, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`);
      expect(Number(tables?.count)).toBeGreaterThan(5);
    } finally {
      await Promise.all([one.drop(), two.drop()]);
    }
    await expect(query(one.adminUrl, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  it('signs in as a role that row-level security binds', async () => {
    const database = await openTestDatabase();
    try {
      for (const url of [database.ownerUrl, database.apiUrl]) {
        const [role] = await query(url, 'SELECT rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user');
        expect(role).toEqual({ unbound: false });
      }
    } finally {
      await database.drop();
    }
  });
});

describe('startProcess', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'assay-testing-spec-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function program(text: string): string {
    const entry = path.join(folder, `${Math.random()}.js`);
    writeFileSync(entry, text);
    return entry;
  }

  it('waits for the output and hands over only the given environment', async () => {
    const entry = program(`
      process.on('SIGTERM', () => process.exit(7));
      setTimeout(() => console.log('ready', process.env.COLOUR, process.env.ASSAY_SPEC_SECRET), 50);
      setInterval(() => {}, 1000);`);
    process.env.ASSAY_SPEC_SECRET = 'x';
    const running = await startProcess({ entry, environment: { COLOUR: 'blue' }, readyWhen: { output: /ready/ } });
    expect(running.output()).toContain('ready blue undefined');
    expect(await running.stop()).toBe(7);
  });

  it('shows the output of a program that ended too early', async () => {
    const entry = program(`console.error('no configuration'); process.exit(3);`);
    await expect(startProcess({ entry, environment: {}, readyWhen: { url: 'http://127.0.0.1:1/' } })).rejects.toThrow(
      /code 3[\s\S]*no configuration/,
    );
  });
});

describe('waitFor', () => {
  it('gives the first truthy value, and the last failure when time is up', async () => {
    let calls = 0;
    expect(await waitFor(() => (++calls > 2 ? 'there' : ''), { everyMs: 1 })).toBe('there');
    const never = waitFor(() => Promise.reject(new Error('still closed')), { timeoutMs: 20, everyMs: 1, what: 'the door' });
    await expect(never).rejects.toThrow('Waited 20 ms in vain for the door: still closed');
  });
});
