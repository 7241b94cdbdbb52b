import type { CheckContext, CheckDatabase } from '../check-api';
import { type CheckHttpOptions, createCheckHttp } from '../check-http';
import { createBackgroundWorker } from '../check-kinds/background-worker';
import { createBoot } from '../check-kinds/boot';
import { createCommands } from '../check-kinds/commands';
import { createSettings } from '../check-kinds/deploy-check';
import { createGunicorn } from '../check-kinds/gunicorn';
import { lockWaits } from '../check-kinds/lock-waits';
import { createStaticFiles } from '../check-kinds/static-files';
import type { CheckRecord } from '../check-record';
import type { Conversations } from '../conversations';
import { withoutVolatileParts } from '../recorded-text';
import { RedisConnection } from '../redis-connection';
import { NoAnswer, UnixHttp } from '../unix-http';
import type { CompanionDesk } from './companion-desk';
import type { CompanionParts } from './companion-parts';
import type { CompanionOrder } from './orders';

/** What checks of a run have that further sandboxes need. */
export interface ToolSurroundings {
  readonly companions: CompanionDesk;
  readonly conversations: Conversations;
  readonly http: CheckHttpOptions;
  readonly database: CheckDatabase;
  /** Path of the socket of the submission's Redis; null for a pack that gives none. */
  readonly redisSocket: string | null;
}

type Part = 'commands' | 'settings' | 'boot' | 'staticFiles' | 'gunicorn' | 'backgroundWorker';
/** Time that a server has to load the project, in milliseconds of its own. */
const FIRST_ANSWER_MS = 20_000;
/** Durations that programs like to print. */
const DURATION = /\b\d+(\.\d+)? ?(ms|s|seconds?)\b/g;

/** The part of a check's context that uses further sandboxes. @param guard throws when the check may not ask now */
export function companionTools(surroundings: ToolSurroundings, record: CheckRecord, guard: () => void): Pick<CheckContext, Part> {
  const { companions, conversations, http, database, redisSocket } = surroundings;
  let redis: RedisConnection | null = null;
  const parts: CompanionParts = {
    start: (order, { environment = {}, without = [], seconds }) => {
      guard();
      return companions.start({ ...order, environment, without, seconds: seconds ?? null } as CompanionOrder, record);
    },
    http: (httpSocket) =>
      createCheckHttp({ ...http, server: new UnixHttp(httpSocket), conversations }, record, guard, () => lockWaits(database)),
    untilAnswers: async (httpSocket) => {
      const server = new UnixHttp(httpSocket);
      const first = { method: 'GET', path: '/', headers: {}, body: null, timeoutMs: FIRST_ANSWER_MS };
      try {
        await conversations.during(() => server.request({ ...first, signal: http.signal, sample: http.sample }));
      } catch (error) {
        // What a check asks for then tells.
        if (!(error instanceof NoAnswer)) throw error;
      } finally {
        server.close();
      }
    },
    steady: (text) => withoutVolatileParts(text.replace(DURATION, '<duration>'), http.now),
    record,
    conversations,
    sample: http.sample,
    signal: http.signal,
    guard,
    redis: () => {
      if (redisSocket === null) throw new TypeError('task.yaml gives submissions no Redis (services.redis)');
      redis ??= new RedisConnection(redisSocket);
      return redis;
    },
  };
  return {
    commands: createCommands(parts),
    settings: createSettings(parts),
    boot: createBoot(parts),
    staticFiles: createStaticFiles(parts),
    gunicorn: createGunicorn(parts),
    backgroundWorker: createBackgroundWorker(parts),
  };
}
