import path from 'node:path';
import { redisOnPath } from '../setup/redis.mjs';
import { startRedis } from './redis-server.mjs';

/**
 * Where the queue lives: `REDIS_URL`, else the `redis-server` on PATH with its data in `<dataDir>/redis`, else a database and role of
 * its own on the platform's PostgreSQL.
 * @returns `{ url, title, exited, stop() }`
 */
export async function openQueueStore({ dataDir, database }) {
  if (process.env.REDIS_URL) {
    return { url: process.env.REDIS_URL, title: 'Redis at REDIS_URL', exited: null, stop: async () => undefined };
  }
  const version = await redisOnPath();
  if (version) return { ...(await startRedis({ dataDir: path.join(dataDir, 'redis') })), title: `Redis ${version}` };
  return { url: await database.createQueueDatabase(), title: 'PostgreSQL', exited: null, stop: async () => undefined };
}
