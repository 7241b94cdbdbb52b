import type { CheckDatabase } from '../check-api';

const LOCK_WAITS = `SELECT pg_catalog.count(*) AS waiting FROM pg_catalog.pg_stat_activity
  WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database() AND usename OPERATOR(pg_catalog.=) current_user
    AND wait_event_type OPERATOR(pg_catalog.=) 'Lock'`;

/** Sessions of the submission that wait for a lock which another session holds. */
export async function lockWaits(database: Pick<CheckDatabase, 'query'>): Promise<number> {
  const [row] = await database.query(LOCK_WAITS);
  return Number(row?.waiting ?? 0);
}
