import type { HttpAnswer } from './http-api';
import type { TogetherRequest } from './together-api';

/** Types of `caching`, for authors of checks of packs with `services: { redis: true }`. */

/** A key in the submission's Redis. */
export interface CachedKey {
  readonly name: string;
  /** Whether it goes by itself. */
  readonly expires: boolean;
}

/** What the submission's Redis was asked for. */
export interface CacheTraffic {
  /** Keys that were looked up and found, or not. */
  readonly hits: number;
  readonly misses: number;
  /** Commands that stored something. */
  readonly writes: number;
}

export interface Warmth {
  /** Statements to the database with an empty Redis, when the same is asked again, and when the Redis was emptied once more. */
  readonly cold: number;
  readonly warm: number;
  readonly emptied: number;
  /** What the Redis was asked for by the warm request. */
  readonly traffic: CacheTraffic;
  /** Whether the answer came from this Redis: fewer statements when warm, a hit, and all the statements again when it was emptied. */
  readonly isFromRedis: boolean;
}

export interface AcrossUsers {
  /** Users who got another answer after somebody else had asked than they got from an empty cache. */
  readonly served: readonly string[];
}

export interface Stampede {
  /** Statements of one request that found nothing in the cache. */
  readonly alone: number;
  /** Of so many at the same time that found nothing, together. */
  readonly together: number;
}

export interface CheckCaching {
  /** Empties the submission's Redis. */
  empty(): Promise<void>;
  /** The first 200 keys, sorted by name. */
  keys(): Promise<readonly CachedKey[]>;
  /** What the Redis was asked for while `work` ran. */
  during<T>(work: () => Promise<T>): Promise<CacheTraffic & { readonly value: T }>;
  /** Asks three times: with an empty Redis, again, and with a Redis emptied once more. */
  warmth(ask: () => Promise<HttpAnswer>): Promise<Warmth>;
  /** Reads until the cache is warm, writes, and reads again: what was read before and after the write. */
  acrossWrite<T>(steps: {
    readonly read: () => Promise<T>;
    readonly write: () => Promise<unknown>;
  }): Promise<{ before: T; after: T }>;
  /**
   * Lets each user ask with an empty cache, and then all one after the other without emptying it.
   *
   * @param shows what of an answer is that user's own; the whole text when left out
   */
  acrossUsers(question: {
    readonly users: readonly string[];
    readonly ask: (user: string) => Promise<HttpAnswer>;
    readonly shows?: (answer: HttpAnswer) => unknown;
  }): Promise<AcrossUsers>;
  /** Statements when so many requests (6 when left out) miss the cache at the same time. */
  stampede(request: TogetherRequest, requests?: number): Promise<Stampede>;
}
