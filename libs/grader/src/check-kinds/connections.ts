import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectationFailed } from '../expectations';
import type { PostgresProxy } from '../postgres-proxy';
import type { CheckConnections, ConnectionFigures, ConnectionHabit } from './connections-api';
import { sendAlone } from './send-alone';
import type { TogetherRequest } from './together-api';
import type { ToolParts } from './tool-parts';

const ONE_BY_ONE = 4;
/** A project is at rest when nothing passed to its database for so long; it is waited for no longer than the second figure. */
const REST_MS = 60;
const LONGEST_REST_MS = 2_000;

type CountingProxy = Pick<PostgresProxy, 'countConnections' | 'traffic'>;

/** Counts sessions at the proxy. */
export function createConnections(
  proxy: () => CountingProxy,
  { http, conversations, record, guard }: ToolParts,
): CheckConnections {
  const during: CheckConnections['during'] = async (work, { limit = null }: { limit?: number | null } = {}) => {
    guard();
    const finish = proxy().countConnections(limit);
    try {
      const value = await work();
      await conversations.during(() => rest(proxy()));
      return { ...finish(), value };
    } finally {
      finish();
    }
  };
  const habit = async (request: TogetherRequest, together = 8): Promise<ConnectionHabit> => {
    const atOnce = () =>
      http.together(
        Array.from({ length: together }, () => request),
        { hold: 'first-statement' },
      );
    // The first one of all may open what is kept from then on.
    await sendAlone(http, request);
    const sequence = await during(async () => {
      for (let count = 0; count < ONE_BY_ONE; count += 1) await sendAlone(http, request);
    });
    await during(atOnce);
    const { value: _answers, ...second } = await during(atOnce);
    if (second.peak === 0) throw new ExpectationFailed(`${request.method} ${request.path} uses no session of the database`);
    const found = { kind: kindOf(sequence.opened, second, together), openedOneByOne: sequence.opened, together: second };
    record.addRecord('connections', `sessions of ${request.method} ${request.path}`, textOf(found, together));
    return found;
  };
  return { during, habit };
}

function kindOf(openedOneByOne: number, { opened, peak }: ConnectionFigures, together: number): ConnectionHabit['kind'] {
  if (openedOneByOne >= ONE_BY_ONE) return 'per-request';
  return opened === 0 && peak < together ? 'pooled' : 'persistent';
}

function textOf({ kind, openedOneByOne, together }: ConnectionHabit, requests: number): string {
  return [
    kind,
    `${openedOneByOne} opened by ${ONE_BY_ONE} requests one after the other`,
    `${requests} requests at the same time: ${together.opened} opened, ${together.peak} at once, ${together.left} left`,
  ].join('\n');
}

/** Waits until the project leaves its database alone: sessions are closed after the last byte of an answer. */
async function rest(proxy: CountingProxy): Promise<void> {
  let seen = proxy.traffic;
  let quiet = 0;
  for (let waited = 0; quiet < REST_MS && waited < LONGEST_REST_MS; waited += 10) {
    await sleep(10);
    quiet = proxy.traffic === seen ? quiet + 10 : 0;
    seen = proxy.traffic;
  }
}
