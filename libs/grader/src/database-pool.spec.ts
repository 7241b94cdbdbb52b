import { DatabasePool } from './database-pool';
import type { DatabaseTemplate } from './fresh-database';
import { createFreshDatabase, dropDatabase } from './fresh-database';
import { GradingCluster } from './grading-cluster';
import type { RunningCluster } from './running-cluster';

jest.setTimeout(120_000);

describe('databases that are made ahead, on a real PostgreSQL', () => {
  const grading = new GradingCluster(() => undefined);
  let cluster: RunningCluster;
  let pool: DatabasePool;
  beforeAll(async () => {
    cluster = await grading.get();
  });
  beforeEach(() => {
    pool = new DatabasePool(cluster);
  });
  afterAll(() => grading.close());

  async function template(): Promise<DatabaseTemplate> {
    const { name } = await createFreshDatabase(cluster, null);
    await cluster.administer(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
    await cluster.administer(`ALTER ROLE ${name} NOLOGIN`);
    return { database: name, owner: name };
  }
  async function submissions(): Promise<string[]> {
    const rows = await cluster.administer("SELECT datname AS name FROM pg_database WHERE datname LIKE 'sub_%'");
    return rows.map(({ name }) => String(name));
  }

  it('are given out once each, and made anew', async () => {
    const from = await template();
    const first = await pool.take(from);
    expect(await pool.names()).toEqual([]);
    await pool.refill();
    const ready = await pool.names();
    expect(ready).toHaveLength(2);
    expect(ready).not.toContain(first.name);
    const [second, third, fourth] = [await pool.take(from), await pool.take(from), await pool.take(from)];
    expect([second.name, third.name]).toEqual(ready);
    expect(new Set([first, second, third, fourth].map(({ name }) => name)).size).toBe(4);
    expect(new Set([first, second, third, fourth].flatMap(({ password, judgePassword }) => [password, judgePassword])).size).toBe(
      8,
    );
  });

  it('are waited for when they are on the way', async () => {
    const from = await template();
    pool.expect(from);
    const refilled = pool.refill();
    const [one, two] = await Promise.all([pool.take(from), pool.take(from)]);
    expect(one.name).not.toBe(two.name);
    await refilled;
  });

  it('are found by their template alone: those of an older one are never used', async () => {
    const [older, newer] = [await template(), await template()];
    pool.expect(older);
    await pool.refill();
    const made = await pool.names();
    const taken = await pool.take(newer);
    expect(made).not.toContain(taken.name);
    expect(made).not.toContain((await pool.take(null)).name);
  });

  it('are dropped for templates that were not used for long', async () => {
    const oldest = await template();
    pool.expect(oldest);
    await pool.refill();
    const made = await pool.names();
    for (let count = 0; count < 5; count += 1) await pool.take(await template());
    await pool.refill();
    expect(await pool.names()).toHaveLength(8);
    expect((await submissions()).filter((name) => made.includes(name))).toEqual([]);
  });

  it('are made anew when one could not be made, and nothing of it is left', async () => {
    const gone = { database: 'sub_that_is_not_there', owner: 'sub_that_is_not_there' };
    const before = await submissions();
    pool.expect(gone);
    await pool.refill();
    expect(await pool.names()).toEqual([]);
    await expect(pool.take(gone)).rejects.toMatchObject({ code: 'grading-database-failed' });
    expect(await submissions()).toEqual(before);
  });

  it('are forgotten with a template, which can then be dropped', async () => {
    const from = await template();
    pool.expect(from);
    await pool.refill();
    const made = await pool.names();
    await pool.forget(from);
    await dropDatabase(cluster, from.database);
    expect((await submissions()).filter((name) => [...made, from.database].includes(name))).toEqual([]);
  });
});
