import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The platform's PostgreSQL: `DATABASE_URL` (a role that owns the database and may create roles), else an embedded server in
 * `<dataDir>/postgres`, where owner and database are made on the first start.
 * @returns `{ ownerUrl, apiUrl, createQueueDatabase(), exited, stop() }`
 */
export async function openPlatformDatabase({ dataDir, secrets, onProgress }) {
  const given = process.env.DATABASE_URL;
  if (given) {
    return {
      ownerUrl: given,
      apiUrl: withLogin(given, 'assay_api', secrets.apiPassword),
      createQueueDatabase: () => createDatabase(given, 'assay_queue', secrets.queuePassword),
      exited: null,
      stop: async () => undefined,
    };
  }
  const cluster = await require('@assay/postgres-cluster/postgres-cluster').startPostgresCluster({
    dataDir: path.join(dataDir, 'postgres'),
    settings: { max_connections: '100' },
    superuser: 'postgres',
    password: secrets.postgresPassword,
    onProgress,
  });
  try {
    const ownerUrl = await createDatabase(cluster.url, 'assay', secrets.ownerPassword, 'CREATEROLE');
    return {
      ownerUrl,
      apiUrl: withLogin(ownerUrl, 'assay_api', secrets.apiPassword),
      createQueueDatabase: () => createDatabase(cluster.url, 'assay_queue', secrets.queuePassword),
      exited: cluster.exited,
      stop: () => cluster.stop(),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Makes a role and a database of the same name that it owns, unless they are there; gives the role's URL. */
async function createDatabase(adminUrl, name, password, privileges = '') {
  const { Client } = require('pg');
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    const statement = role.rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(`${statement} ROLE ${name} LOGIN ${privileges} PASSWORD ${client.escapeLiteral(password)}`);
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (database.rowCount === 0) {
      await client.query(`GRANT ${name} TO CURRENT_USER`);
      await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
    }
    await client.query(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
  } finally {
    await client.end();
  }
  return withLogin(adminUrl, name, password, name);
}

function withLogin(url, user, password, database) {
  const copy = new URL(url);
  copy.username = user;
  copy.password = password;
  if (database) copy.pathname = `/${database}`;
  return copy.toString();
}
