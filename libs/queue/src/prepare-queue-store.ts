import { runMigrations } from 'bullmq';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { type QueueConnection, type QueueEngine, queueConnection } from './queue-connection';
import { QueueStoreUnavailable, unreachable } from './queue-store-ready';

export interface PreparedQueueStore {
  readonly engine: QueueEngine;
  /** Of the server, for example `7.0.15`. */
  readonly version: string;
  /** What an operator should change, each a sentence; empty when all is well. */
  readonly warnings: readonly string[];
}

const OLDEST_REDIS = [6, 2] as const;
const CONNECT_MS = 10_000;

/**
 * Sets up what the queues need in their store. Idempotent, and safe when several processes start at once. On PostgreSQL it creates
 * the schema `bullmq`; on Redis it only looks.
 * @throws QueueStoreUnavailable when the store cannot be reached or is too old
 */
export async function prepareQueueStore(url: string): Promise<PreparedQueueStore> {
  const connection = queueConnection(url);
  return connection.engine === 'redis' ? inspectRedis(connection) : migratePostgres(connection);
}

async function migratePostgres(connection: QueueConnection): Promise<PreparedQueueStore> {
  const client = new Client({ connectionString: connection.url, connectionTimeoutMillis: CONNECT_MS });
  try {
    await client.connect();
    await runMigrations(client);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return { engine: 'postgres', version: rows[0]?.server_version ?? 'unknown', warnings: [] };
  } catch (error) {
    throw unreachable(connection, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function inspectRedis(connection: QueueConnection): Promise<PreparedQueueStore> {
  const client = new Redis(connection.url, { lazyConnect: true, connectTimeout: CONNECT_MS, retryStrategy: () => null });
  let failure: Error | null = null;
  client.on('error', (error) => {
    failure = error;
  });
  try {
    await client.connect();
    const info = await client.info();
    const read = (field: string) => new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
    const version = read('redis_version') ?? 'unknown';
    if (isOlder(version, OLDEST_REDIS)) {
      const message = `Redis ${OLDEST_REDIS.join('.')} or newer is needed; the server at ${connection.address} is ${version}. Upgrade it.`;
      throw new QueueStoreUnavailable(message);
    }
    const policy = read('maxmemory_policy');
    const warnings =
      policy === null || policy === 'noeviction'
        ? []
        : [`Redis may throw away jobs when its memory is full: set maxmemory-policy to noeviction (it is ${policy}).`];
    return { engine: 'redis', version, warnings };
  } catch (error) {
    if (error instanceof QueueStoreUnavailable) throw error;
    throw unreachable(connection, failure ?? error);
  } finally {
    client.disconnect();
  }
}

function isOlder(version: string, [oldestMajor, oldestMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
