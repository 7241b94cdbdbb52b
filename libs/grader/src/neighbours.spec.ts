import { GradingBench, withoutTimings } from '../fixtures/grading-bench';

jest.setTimeout(240_000);

/** Runs SQL before the project serves, then serves as the reference does. */
const atStart = (sql: string) => ({
  'site_notes/wsgi.py': `from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from django.db import connection
try:
    with connection.cursor() as cursor:
        cursor.execute("""${sql}""")
except Exception as error:
    print(error)
`,
});
const ATTACKS: Readonly<Record<string, string>> = {
  'uses up all locks': 'SELECT count(pg_advisory_lock(n)) FROM generate_series(1, 1000000) AS n; SELECT pg_sleep(2)',
  'sorts gigabytes':
    "SET work_mem = '8GB'; SELECT count(*) FROM (SELECT repeat('x', 1000) || g FROM generate_series(1, 3000000) AS g ORDER BY 1 OFFSET 1) t",
  'fills its database':
    'CREATE TABLE fill AS SELECT repeat(md5(a::text), 30) FROM generate_series(1, 3000) AS a, generate_series(1, 3000)',
  'holds back notifications':
    "LISTEN a; BEGIN; SELECT 1; DO $$ BEGIN FOR i IN 1..200000 LOOP PERFORM pg_notify('a', repeat('x', 7000) || i); END LOOP; END $$; COMMIT",
  'makes roles and databases': 'CREATE ROLE other; CREATE DATABASE other',
};

describe('two submissions side by side', () => {
  let bench: GradingBench;
  let alone: string;
  beforeAll(async () => {
    bench = await GradingBench.open();
    alone = withoutTimings(await bench.grade({}));
  }, 600_000);
  afterAll(() => bench.close());

  it.each(Object.entries(ATTACKS))('one %s: the report of the other is the same, byte for byte', async (_what, sql) => {
    const attack = bench.grade(atStart(sql));
    let isOver = false;
    void attack.then(() => (isOver = true));
    let graded = 0;
    do {
      expect(withoutTimings(await bench.grade({}))).toBe(alone);
      graded += 1;
    } while (!isOver && graded < 8);
    expect(await attack).not.toMatchObject({ outcome: 'infra_fault' });
  });

  it('have a server each, which is used again', async () => {
    await Promise.all([bench.grade({}), bench.grade({})]);
    const pids = async () => (await bench.cluster.running(1)).map((server) => server.postgres.pid);
    const two = await pids();
    expect(new Set(two).size).toBe(2);
    await Promise.all([bench.grade({}), bench.grade({})]);
    expect(await pids()).toEqual(two);
  });

  it('fifty one after the other leave neither a role nor a database behind', async () => {
    for (let count = 0; count < 50; count += 1) expect((await bench.grade({})).outcome).toBe('graded');
    for (const server of await bench.cluster.running(1)) {
      const left = async () => {
        const ready = await server.pool.names();
        const rows = await server.administer(
          "SELECT datname AS name FROM pg_database WHERE datname LIKE 'sub_%' AND datdba::regrole::text LIKE 'sub_%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'sub_%' AND rolcanlogin",
        );
        return rows.map(({ name }) => String(name)).filter((name) => !ready.includes(name.replace(/_judge$/, '')));
      };
      for (let tries = 0; tries < 100 && (await left()).length > 0; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await left()).toEqual([]);
    }
  });
});
