import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const LOOK_EVERY_MS = 2;

/**
 * The plan of the statement that the API really sends while `work` goes on, caught from the server's list of sessions and explained with
 * the API's role and tenant, so row-level security is in it.
 * @param table the table that the statement reads
 * @param parameters of the statement: all of those that it can have, in order
 * @returns `{ statement, plan }`
 */
export async function explainWhile(work, { adminUrl, organisationId, table, parameters }) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    let isOver = false;
    const working = work().finally(() => {
      isOver = true;
    });
    const [statement, result] = await Promise.all([catchStatement(client, table, () => isOver), working]);
    return { statement, plan: await explain(client, statement, organisationId, parameters), result };
  } finally {
    await client.end();
  }
}

async function catchStatement(client, table, isOver) {
  while (!isOver()) {
    const { rows } = await client.query(
      `SELECT query FROM pg_stat_activity WHERE usename = 'assay_api' AND query LIKE 'SELECT%FROM "' || $1 || '"%' LIMIT 1`,
      [table],
    );
    if (rows[0]) return rows[0].query;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`No statement of the API on ${table} was seen while it was under load.`);
}

async function explain(client, statement, organisationId, parameters) {
  const numbers = [...statement.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  const values = parameters.slice(0, Math.max(0, ...numbers)).map((value) => client.escapeLiteral(value));
  await client.query('BEGIN');
  try {
    await client.query('SET LOCAL ROLE assay_api');
    await client.query("SELECT set_config('assay.organisation_id', $1, true)", [organisationId]);
    await client.query(`PREPARE listed AS ${statement}`);
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS) EXECUTE listed(${values.join(', ')})`);
    return rows.map((row) => row['QUERY PLAN']);
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
  }
}
