import type { RunningCluster } from '@assay/grader/grading-cluster';
import { JudgedDatabase } from '@assay/grader/judged-database';
import { SubmissionDatabase } from '@assay/grader/submission-database';
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

/** Made for one attempt and dropped after it. */
export async function openDatabase(stage: Stage): Promise<OwnDatabase> {
  const { cluster: grading } = await courtOf(stage);
  const cluster = await grading.get();
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
