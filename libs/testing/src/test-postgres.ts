import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { startPostgresCluster } from '@assay/postgres-cluster/postgres-cluster';

let own: Promise<string> | null = null;

/**
 * URL of a superuser on the run's PostgreSQL 18, database `postgres`. `npm test` starts one server for all specs; a spec file run by
 * jest alone starts its own throwaway one, which ends with the process.
 */
export function testPostgresUrl(): Promise<string> {
  const shared = process.env.ASSAY_TEST_POSTGRES_URL;
  if (shared) return Promise.resolve(shared);
  own ??= startPostgresCluster({
    dataDir: path.join(os.tmpdir(), `assay-test-postgres-${randomUUID()}`),
    settings: {},
    superuser: 'assay',
    password: 'test',
    ephemeral: true,
  }).then((cluster) => cluster.url);
  return own;
}
