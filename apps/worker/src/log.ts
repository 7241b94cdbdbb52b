import { type Logger, pino } from 'pino';

/** Structured log of the worker, one JSON line an event. What is said of a run carries its id; payloads and tokens are never said. */
export type Log = Logger;

/** Injection token of the {@link Log}. */
export const LOG = Symbol('LOG');

export function createLog(level: string): Log {
  return pino({ level, name: 'assay-worker' });
}
