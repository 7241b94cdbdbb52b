import { Redis } from 'ioredis';
import { Client } from 'pg';
import { queueConnection } from './queue-connection';

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
    await client.query(`TRUNCATE ${rows.map((row) => `bullmq.${row.name}`).join(', ')}`);
  } finally {
    await client.end();
  }
}
