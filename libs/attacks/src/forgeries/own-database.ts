import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { GradingCluster } from '@assay/grader/grading-cluster';
import { JudgedDatabase } from '@assay/grader/judged-database';
import { RunningCluster } from '@assay/grader/running-cluster';
import { SubmissionDatabase } from '@assay/grader/submission-database';
import { startPostgresCluster } from '@assay/postgres-cluster/postgres-cluster';
import { Client, type ClientConfig } from 'pg';
import type { Stage } from '../stage';
import { courtOf } from './court';

/** A submission's database on the real grading server, with its proxy and the judge's session. */
export interface OwnDatabase {
  readonly cluster: RunningCluster;
  readonly database: SubmissionDatabase;
  readonly judged: JudgedDatabase;
  /** A session as the submission has it, through the proxy. */
  connect(overrides?: Partial<ClientConfig>): Promise<Client>;
  /** A session past the proxy, straight to the server. */
  connectPastProxy(overrides?: Partial<ClientConfig>): Promise<Client>;
}

/** Made for one attempt and dropped after it. @param server left out: the one that all attacks share */
export async function openDatabase(stage: Stage, server?: RunningCluster): Promise<OwnDatabase> {
  const cluster = server ?? (await (await courtOf(stage)).cluster.get());
  const database = await SubmissionDatabase.create(cluster, await stage.folder(), null);
  stage.defer(() => database.drop());
  const judged = await JudgedDatabase.open(database.access, () => cluster.isWell());
  stage.defer(() => judged.close());
  const open = async (host: string, overrides: Partial<ClientConfig>): Promise<Client> => {
    const { name, password } = database;
    const client = new Client({ host, port: 5432, user: name, password, database: name, ...overrides });
    client.on('error', () => undefined);
    stage.defer(() => client.connection.stream.destroy());
    await client.connect();
    return client;
  };
  return {
    cluster,
    database,
    judged,
    connect: (overrides = {}) => open(database.socketDir, overrides),
    connectPastProxy: (overrides = {}) => open(cluster.postgres.socketDir, { port: cluster.postgres.port, ...overrides }),
  };
}

/** A grading server as the product starts it, for attacks after which it might not be the same. */
export async function gradingServer(stage: Stage): Promise<RunningCluster> {
  const grading = new GradingCluster(() => undefined);
  stage.defer(() => grading.close());
  return grading.get();
}

/** A server without the limits of the product's. */
export async function plainServer(stage: Stage): Promise<RunningCluster> {
  const folder = path.join('/dev/shm', `assay-attack-${randomBytes(8).toString('hex')}`);
  const postgres = await startPostgresCluster({
    dataDir: folder,
    port: null,
    settings: { max_connections: '50', max_locks_per_transaction: '256', max_wal_size: '16GB', log_min_messages: 'fatal' },
    superuser: 'judge',
    password: randomBytes(24).toString('hex'),
    ephemeral: true,
  });
  const server = await RunningCluster.connect({ postgres, group: null, folder });
  stage.defer(() => server.stop());
  return server;
}
