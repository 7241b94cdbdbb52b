import type { CheckContext } from '../check-api';
import type { CheckRecord } from '../check-record';
import type { CompanionDesk } from '../companions/companion-desk';
import type { JudgeSession } from '../judge-session';
import type { DatabaseAccess, JudgedDatabase } from '../judged-database';
import type { PostgresProxy } from '../postgres-proxy';
import { RedisConnection } from '../redis-connection';
import { createCaching } from './caching';
import { createConnections } from './connections';
import { createMigrations } from './migrations';
import { createPlans } from './query-plans';
import { createSlope } from './slope';
import type { ToolParts } from './tool-parts';

/** What checks of databases and caches need of one grade; null where there is none. */
export interface StorageAccess {
  readonly proxy: Pick<PostgresProxy, 'capture' | 'countConnections' | 'traffic'>;
  readonly session: Pick<JudgeSession, 'query' | 'readOnly'>;
  /** Path of the socket of the submission's Redis. */
  readonly redisSocket: string | null;
  /** Time of the run, see `withoutVolatileParts`. */
  readonly now: Date;
  /** Opens proxy and session of a further database, until the grade is over. */
  readonly openDatabase: (access: DatabaseAccess) => Promise<JudgedDatabase>;
  /** Text of a file of the pack's `data/` folder. */
  readonly readData: (file: string) => string;
}

/** What the tools of one check share with the rest of its context. */
export interface ToolSurroundings extends ToolParts {
  readonly measure: CheckContext['measure'];
  readonly record: CheckRecord;
  readonly companions: CompanionDesk;
}

/** The part of a check's context that is about databases and caches; what it needs is looked for when it is used. */
export function databaseTools(
  storage: StorageAccess | null,
  { http, conversations, record, measure, guard, companions }: ToolSurroundings,
): Pick<CheckContext, 'plans' | 'connections' | 'caching' | 'slope' | 'migrations'> {
  const needed = (): StorageAccess => {
    if (storage === null) throw new TypeError('this run has no database');
    return storage;
  };
  let connection: RedisConnection | null = null;
  const redis = (): RedisConnection => {
    const { redisSocket } = needed();
    if (redisSocket === null) throw new TypeError('task.yaml gives submissions no Redis (services.redis)');
    connection ??= new RedisConnection(redisSocket);
    return connection;
  };
  const parts = { http, conversations, record, guard };
  return {
    slope: createSlope(measure),
    plans: createPlans(needed, parts),
    connections: createConnections(() => needed().proxy, parts),
    caching: createCaching(redis, () => needed().now, parts),
    migrations: createMigrations(() => ({ ...needed(), companions, conversations, record, guard })),
  };
}
