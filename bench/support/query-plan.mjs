import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const GIVE_UP_MS = 10_000;

/**
 * The statement that the API sends for one request, taken from the server's log, and its plan: explained with the API's role and tenant,
 * so that row-level security is in it.
 * @param request makes the API send the statement
 * @param table the table that the statement reads
 * @param parameters of the statement: all of those that it can have, in order
 * @returns `{ statement, plan }`
 */
export async function explainRequest(request, { adminUrl, postgresLog, organisationId, table, parameters }) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await setting(client, "SET log_min_duration_statement = '0'");
    const statement = await catchStatement(request, postgresLog, table);
    await setting(client, 'RESET log_min_duration_statement');
    return { statement, plan: await explain(client, statement, organisationId, parameters) };
  } finally {
    await client.end();
  }
}

async function setting(client, change) {
  await client.query(`ALTER SYSTEM ${change}`);
  await client.query('SELECT pg_reload_conf()');
}

/** Sessions take a new setting over with one of their next statements, so the request is repeated. */
async function catchStatement(request, postgresLog, table) {
  const seen = readFileSync(postgresLog, 'utf8').length;
  const wanted = new RegExp(`execute [^:]*: (SELECT .*FROM "${table}" .*)$`, 'm');
  for (const end = Date.now() + GIVE_UP_MS; Date.now() < end; await sleep(50)) {
    await request();
    const found = wanted.exec(readFileSync(postgresLog, 'utf8').slice(seen));
    if (found) return found[1];
  }
  throw new Error(`The log of the database server shows no statement of the API on ${table}.`);
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
