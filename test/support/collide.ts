import { waitFor } from '@assay/testing/wait-for';
import { withConnection } from './sql';

export interface Collision {
  /** Takes a lock that the requests run into, for example `SELECT FROM members FOR UPDATE`. */
  readonly lock: string;
  readonly values?: unknown[];
  /** How many requests have to wait for a lock before they are let go, default 2. */
  readonly waiting?: number;
}

/**
 * Makes requests really meet: holds a lock until several of them wait in the database, then lets them go at once. Requests that are
 * only sent together often run one after the other, because the pool opens its connections one by one.
 */
export function collide<T>(adminUrl: string, { lock, values = [], waiting = 2 }: Collision, send: () => Promise<T>): Promise<T> {
  return withConnection(adminUrl, async (client) => {
    await client.query('BEGIN');
    await client.query(lock, values);
    const sent = send();
    await waitFor(
      async () => {
        // Within a transaction the view shows one moment for ever unless it is told to look again.
        await client.query('SELECT pg_stat_clear_snapshot()');
        const { rows } = await client.query(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows[0].n >= waiting;
      },
      { what: `${waiting} requests to wait for a lock` },
    );
    await client.query('COMMIT');
    return sent;
  });
}
