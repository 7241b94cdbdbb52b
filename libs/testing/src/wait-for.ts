import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 20,000. */
  readonly timeoutMs?: number;
  /** Pause between two tries, default 50. */
  readonly everyMs?: number;
  /** Named in the error, for example `the run is graded`. */
  readonly what?: string;
}

/**
 * Resolves with the condition's first truthy value. An exception counts as "not yet"; the last one is quoted when time is up.
 *
 * @throws when the condition has not come true within `timeoutMs`
 */
export async function waitFor<Value>(
  condition: () => Value | Promise<Value>,
  options: WaitOptions = {},
): Promise<NonNullable<Value>> {
  const { timeoutMs = 20_000, everyMs = 50, what = 'the condition' } = options;
  const end = Date.now() + timeoutMs;
  let failure = '';
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      failure = '';
    } catch (error) {
      failure = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}${failure}`);
    await sleep(everyMs);
  }
}
