import {
  createPostgresBackend,
  createRedisBackend,
  type PostgresQueueBackend,
  type Processor,
  type Queue,
  type QueueEvents,
  type QueueEventsOptions,
  type QueueOptions,
  type RedisQueueBackend,
  type Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';

export type QueueEngine = 'redis' | 'postgres';

/** Where a queue store is and how to talk to it. */
export interface QueueConnection {
  readonly engine: QueueEngine;
  readonly url: string;
  /** The address without user and password, for messages. */
  readonly address: string;
}

const ENGINES: Readonly<Record<string, QueueEngine>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/**
 * The engine that a queue URL asks for.
 * @param url `redis://`, `rediss://` or `postgres://`
 * @throws Error that says which URLs are possible; the URL itself is not repeated, it may hold a password
 */
export function queueConnection(url: string): QueueConnection {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const engine = parsed === null ? undefined : ENGINES[parsed.protocol];
  if (parsed === null || engine === undefined) {
    throw new Error('The queue URL must begin with redis://, rediss:// or postgres://, for example redis://127.0.0.1:6379/0.');
  }
  return { engine, url, address: `${parsed.protocol}//${parsed.host}${parsed.pathname}` };
}

/** Sessions that one queue or worker may hold, the listening one not counted. */
const POSTGRES_SESSIONS = 3;
/** Reconnections that a producer waits for before its call fails; a worker waits for ever. */
const PRODUCER_RETRIES = 3;

const redis = withBackend(createRedisBackend);
const postgres = withBackend(createPostgresBackend);

type Backend = RedisQueueBackend | PostgresQueueBackend;
export type EngineQueue = Queue<unknown, void, string, unknown, void, string, Backend>;
export type EngineWorker = Worker<unknown, void, string, Backend>;
export type EngineQueueEvents = QueueEvents<void, Backend>;

type Without<Options> = Omit<Options, 'connection'>;

export function createEngineQueue(connection: QueueConnection, name: string, options: Without<QueueOptions>): EngineQueue {
  const created =
    connection.engine === 'redis'
      ? new redis.Queue(name, { ...options, connection: { url: connection.url, maxRetriesPerRequest: PRODUCER_RETRIES } })
      : new postgres.Queue(name, { ...options, connection: postgresOptions(connection) });
  return created as EngineQueue;
}

export function createEngineWorker(
  connection: QueueConnection,
  name: string,
  processor: Processor<unknown, void, string>,
  options: Without<WorkerOptions>,
): EngineWorker {
  const created =
    connection.engine === 'redis'
      ? new redis.Worker(name, processor, { ...options, connection: redisOptions(connection) })
      : new postgres.Worker(name, processor, { ...options, connection: postgresOptions(connection) });
  return created as EngineWorker;
}

export function createEngineQueueEvents(
  connection: QueueConnection,
  name: string,
  options: Without<QueueEventsOptions>,
): EngineQueueEvents {
  const created =
    connection.engine === 'redis'
      ? new redis.QueueEvents(name, { ...options, connection: redisOptions(connection) })
      : new postgres.QueueEvents(name, { ...options, connection: postgresOptions(connection) });
  return created as EngineQueueEvents;
}

function redisOptions(connection: QueueConnection) {
  return { url: connection.url, maxRetriesPerRequest: null };
}

function postgresOptions(connection: QueueConnection) {
  return { connectionString: connection.url, max: POSTGRES_SESSIONS, application_name: 'assay-queue' };
}
