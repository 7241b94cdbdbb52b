import { Redis } from 'ioredis';
import { Client } from 'pg';
import { queueConnection } from './queue-connection';

const DEADLOCK = '40P01';
const TRIES = 20;

/** Loses everything that is on the queues, as an operator or a broken disk would. For tests of what happens next. */
export async function flushQueueStore(url: string): Promise<void> {
  const connection = queueConnection(url);
  if (connection.engine === 'redis') {
    const client = new Redis(connection.url);
    try {
      await client.flushdb();
    } finally {
      client.disconnect();
    }
    return;
  }
  const client = new Client({ connectionString: connection.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'`,
    );
    await truncate(client, `TRUNCATE ${rows.map((row) => `bullmq.${row.name}`).join(', ')}`);
  } finally {
    await client.end();
  }
}

/** Queues and workers that are open meanwhile take the same locks in another order; whoever the server picks tries again. */
async function truncate(client: Client, statement: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== DEADLOCK || tries === TRIES) throw error;
    }
  }
}
