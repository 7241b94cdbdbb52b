import { setTimeout as sleep } from 'node:timers/promises';

/** The promise's value, or null when it takes longer than `milliseconds`. A later failure of the promise is ignored. */
export async function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<{ readonly value: Value } | null> {
  const timer = new AbortController();
  try {
    const late = sleep(milliseconds, null, { signal: timer.signal }).catch(() => null);
    return await Promise.race([promise.then((value) => ({ value })), late]);
  } finally {
    timer.abort();
    promise.catch(() => undefined);
  }
}
