import type { HttpAnswer } from '../check-api';
import { deeplySame } from '../expectations';
import { withoutVolatileParts } from '../recorded-text';
import type { RedisConnection } from '../redis-connection';
import type { AcrossUsers, CachedKey, CacheTraffic, CheckCaching, Stampede, Warmth } from './caching-api';
import { sendAlone } from './send-alone';
import type { ToolParts } from './tool-parts';

const MAX_KEYS = 200;
const SCAN_ROUNDS = 50;
const STAMPEDE = 6;
/** Commands that put something in. */
const STORING =
  /^cmdstat_(set|setex|psetex|setnx|mset|msetnx|getset|append|incr|incrby|decr|decrby|hset|hmset|hsetnx|lpush|rpush|sadd|zadd):/;

/** Looks at the submission's Redis from outside. @param now time of the run, see `withoutVolatileParts` */
export function createCaching(
  redis: () => RedisConnection,
  now: () => Date,
  { http, conversations, record, guard }: ToolParts,
): CheckCaching {
  const ask = <T>(work: () => Promise<T>): Promise<T> => {
    guard();
    return conversations.during(work);
  };
  const empty = (): Promise<void> =>
    ask(async () => {
      await redis().command('FLUSHALL');
    });
  const during: CheckCaching['during'] = async (work) => {
    const before = await ask(() => traffic(redis()));
    const value = await work();
    const after = await ask(() => traffic(redis()));
    return {
      hits: after.hits - before.hits,
      misses: after.misses - before.misses,
      writes: after.writes - before.writes,
      value,
    };
  };
  const note = (title: string, lines: readonly string[]): void => record.addRecord('caching', title, lines.join('\n'));
  return {
    empty,
    during,
    keys: () => ask(() => keysOf(redis())),
    async warmth(send): Promise<Warmth> {
      await empty();
      const cold = await send();
      const { value: warm, ...seen } = await during(send);
      await empty();
      const emptied = await send();
      const [first, second, third] = [cold.statementCount, warm.statementCount, emptied.statementCount];
      const isFromRedis = second < first && third > second && seen.hits > 0;
      note('an answer from the cache', [
        `statements with an empty cache: ${first}, again: ${second}, emptied once more: ${third}`,
        isFromRedis ? 'the answer came from Redis' : 'the answer did not come from Redis',
      ]);
      return { cold: first, warm: second, emptied: third, traffic: seen, isFromRedis };
    },
    async acrossWrite({ read, write }) {
      await empty();
      await read();
      const before = await read();
      await write();
      const after = await read();
      const told = (value: unknown): string => withoutVolatileParts(JSON.stringify(value) ?? String(value), now()).slice(0, 500);
      note('read before and after a write', [`before: ${told(before)}`, `after: ${told(after)}`]);
      return { before, after };
    },
    async acrossUsers({ users, ask: send, shows = textOf }): Promise<AcrossUsers> {
      const own = new Map<string, unknown>();
      for (const user of users) {
        await empty();
        own.set(user, shows(await send(user)));
      }
      await empty();
      const served: string[] = [];
      // Twice, so that each asks after each.
      for (const user of [...users, ...users]) {
        if (!deeplySame(shows(await send(user)), own.get(user)) && !served.includes(user)) served.push(user);
      }
      note('asked by one user after the other', [
        `users: ${users.join(', ')}`,
        `got another answer than from an empty cache: ${served.join(', ') || 'nobody'}`,
      ]);
      return { served };
    },
    async stampede(request, requests = STAMPEDE): Promise<Stampede> {
      await empty();
      const alone = (await sendAlone(http, request)).statementCount;
      await empty();
      const all = await http.together(
        Array.from({ length: requests }, () => request),
        { hold: 'first-statement' },
      );
      note(`${requests} requests that miss the cache`, [`statements of one: ${alone}, of all: ${all.statementCount}`]);
      return { alone, together: all.statementCount };
    },
  };
}

function textOf({ text }: HttpAnswer): string {
  return text;
}

async function traffic(redis: RedisConnection): Promise<CacheTraffic> {
  const stats = String(await redis.command('INFO', 'stats'));
  const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
  const commands = String(await redis.command('INFO', 'commandstats')).split(/\r?\n/);
  const calls = (line: string): number => Number(/calls=(\d+)/.exec(line)?.[1] ?? 0);
  const writes = commands.filter((line) => STORING.test(line)).reduce((sum, line) => sum + calls(line), 0);
  return { hits: figure('keyspace_hits'), misses: figure('keyspace_misses'), writes };
}

async function keysOf(redis: RedisConnection): Promise<CachedKey[]> {
  const names = new Set<string>();
  let cursor = '0';
  for (let round = 0; round < SCAN_ROUNDS && names.size < MAX_KEYS; round += 1) {
    const answer = await redis.command('SCAN', cursor, 'COUNT', '100');
    const [next, found] = Array.isArray(answer) ? answer : [];
    for (const name of Array.isArray(found) ? found : []) if (names.size < MAX_KEYS) names.add(String(name));
    cursor = String(next ?? '0');
    if (cursor === '0') break;
  }
  const keys: CachedKey[] = [];
  for (const name of [...names].sort()) keys.push({ name, expires: Number(await redis.command('TTL', name)) >= 0 });
  return keys;
}
