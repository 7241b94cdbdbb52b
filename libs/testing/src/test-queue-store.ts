import { randomBytes } from 'node:crypto';
import { flushQueueStore } from '@assay/queue/flush-queue-store';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import { Client } from 'pg';
import { testPostgresUrl } from './test-postgres';
import { hasTestRedis, testRedisUrl } from './test-redis';

export type TestQueueEngine = 'redis' | 'postgres';

export interface TestQueueStore {
  readonly engine: TestQueueEngine;
  /** What `QUEUE_URL` is set to. */
  readonly url: string;
  /** Loses everything on the queues, as an operator's mistake would. */
  flush(): Promise<void>;
  drop(): Promise<void>;
}

/** The engines that this machine can test: PostgreSQL always, Redis where it is there (`npm test` says when it is not). */
export const TEST_QUEUE_ENGINES: readonly TestQueueEngine[] = hasTestRedis() ? ['redis', 'postgres'] : ['postgres'];

/** An empty queue store of its own: a Redis database of this jest worker, or a new PostgreSQL database. */
export async function openTestQueueStore(engine: TestQueueEngine): Promise<TestQueueStore> {
  const redisUrl = await testRedisUrl();
  if (engine === 'redis') {
    if (redisUrl === null) throw new Error('There is no Redis on this machine: install redis-server.');
    await flushQueueStore(redisUrl);
    return { engine, url: redisUrl, flush: () => flushQueueStore(redisUrl), drop: () => flushQueueStore(redisUrl) };
  }
  const server = await testPostgresUrl();
  const name = `test_queue_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await prepareQueueStore(url);
  return {
    engine,
    url,
    flush: () => flushQueueStore(url),
    drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
