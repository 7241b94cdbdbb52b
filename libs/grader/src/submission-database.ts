import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { InfrastructureFault } from './faults';
import type { RunningCluster } from './grading-cluster';
import type { DatabaseAccess } from './judged-database';

const MAX_ROLE_CONNECTIONS = 20;
/** Largest database, in bytes. */
const MAX_DATABASE_BYTES = 512 * 1024 * 1024;
/** Most locks that all sessions of a submission may hold; the server has room for about 9,000 of all submissions together. */
const MAX_LOCKS = 2_000;
const WATCH_MS = 500;
/** Looks at a database that may fail in turn, because the server has no room left, before the worst is assumed. */
const MAX_BLIND_LOOKS = 4;

const LOOK = `SELECT pg_database_size(oid) AS bytes, (SELECT count(*) FROM pg_locks WHERE database = oid) AS locks
  FROM pg_database WHERE datname = $1`;

/** The limit of its database that a project broke. */
export type DatabaseExcess = 'size' | 'locks';

/** A database that a new one can be copied from, with everything in it owned by `owner`. */
export interface DatabaseTemplate {
  readonly database: string;
  readonly owner: string;
}

/**
 * A fresh database for one submission. Two roles are made with it: the submission's own, which owns the database, and the judge's, a
 * member of it whose sessions act as the submission's role. The judge's sessions thus have the submission's rights and no more, while
 * the submission can neither end nor watch them.
 */
export class SubmissionDatabase {
  private watch: NodeJS.Timeout | null = null;

  private constructor(
    private readonly cluster: RunningCluster,
    readonly name: string,
    readonly password: string,
    /** With what a judge, in whichever process, opens proxy and session; they must be closed before `toTemplate`. */
    readonly access: DatabaseAccess,
    /** Folder with the proxy's socket, all that a sandbox gets to see. */
    readonly socketDir: string,
  ) {}

  /** @param folder an existing folder of the judge for this run; the proxy's socket is to be made in it. */
  static async create(cluster: RunningCluster, folder: string, template: DatabaseTemplate | null): Promise<SubmissionDatabase> {
    const name = `sub_${randomBytes(8).toString('hex')}`;
    const password = randomBytes(24).toString('hex');
    const judgePassword = randomBytes(24).toString('hex');
    await createRoles(cluster, name, password, judgePassword);
    try {
      await createDatabase(cluster, name, template);
      const socketDir = path.join(folder, 'postgres');
      await mkdir(socketDir);
      await chmod(socketDir, 0o755);
      const access: DatabaseAccess = {
        server: { socketDir: cluster.postgres.socketDir, port: cluster.postgres.port },
        database: name,
        role: name,
        judge: { user: `${name}_judge`, password: judgePassword },
        listenPath: path.join(socketDir, '.s.PGSQL.5432'),
      };
      return new SubmissionDatabase(cluster, name, password, access, socketDir);
    } catch (error) {
      await drop(cluster, name);
      throw error;
    }
  }

  /** What the project needs to reach its database, under the names that libpq and the task statement use. */
  get environment(): Readonly<Record<string, string>> {
    return { PGHOST: '/run/postgresql', PGPORT: '5432', PGUSER: this.name, PGPASSWORD: this.password, PGDATABASE: this.name };
  }

  /** Looks at the database from outside every half second and calls back once when it is beyond its limits. */
  watchLimits(onExcess: (excess: DatabaseExcess) => void): void {
    let blindLooks = 0;
    const report = (excess: DatabaseExcess): void => {
      this.stopWatching();
      onExcess(excess);
    };
    this.watch = setInterval(() => {
      this.cluster.look(LOOK, [this.name]).then(
        ([row]) => {
          blindLooks = 0;
          if (this.watch === null) return;
          if (Number(row?.bytes) > MAX_DATABASE_BYTES) report('size');
          else if (Number(row?.locks) > MAX_LOCKS) report('locks');
        },
        () => {
          blindLooks += 1;
          if (this.watch !== null && blindLooks >= MAX_BLIND_LOOKS) report('locks');
        },
      );
    }, WATCH_MS);
    this.watch.unref();
  }

  /** Makes the database a template: nobody can connect any more, its objects stay with the submission's role, the roles lose their log-in. */
  async toTemplate(): Promise<DatabaseTemplate> {
    this.stopWatching();
    await this.cluster.administer(`ALTER DATABASE ${this.name} OWNER TO CURRENT_USER`);
    await this.cluster.administer(`ALTER ROLE ${this.name} NOLOGIN`);
    await this.cluster.administer(`DROP ROLE ${this.name}_judge`);
    return { database: this.name, owner: this.name };
  }

  /** Ends every session, then drops database and roles. */
  async drop(): Promise<void> {
    this.stopWatching();
    await drop(this.cluster, this.name);
  }

  private stopWatching(): void {
    if (this.watch) clearInterval(this.watch);
    this.watch = null;
  }
}

async function createRoles(cluster: RunningCluster, name: string, password: string, judgePassword: string): Promise<void> {
  const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  // Names and passwords are hexadecimal and made here; a multi-statement string is one transaction.
  await cluster.administer(
    [
      `CREATE ROLE ${name} ${rights} CONNECTION LIMIT ${MAX_ROLE_CONNECTIONS} PASSWORD '${password}'`,
      `ALTER ROLE ${name} SET statement_timeout = '30s'`,
      `ALTER ROLE ${name} SET idle_in_transaction_session_timeout = '60s'`,
      `CREATE ROLE ${name}_judge ${rights} CONNECTION LIMIT 4 PASSWORD '${judgePassword}' IN ROLE ${name}`,
      `ALTER ROLE ${name}_judge SET role = '${name}'`,
      `ALTER ROLE ${name}_judge SET statement_timeout = '15s'`,
      `ALTER ROLE ${name}_judge SET lock_timeout = '5s'`,
    ].join(';'),
  );
}

async function createDatabase(cluster: RunningCluster, name: string, template: DatabaseTemplate | null): Promise<void> {
  const source = template?.database ?? 'template0';
  await cluster.administer(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY FILE_COPY OWNER ${name}`);
  await cluster.administer(`REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  if (!template) return;
  // Only the starter's own objects are in it yet, so that a superuser may enter.
  const owner = new Client({ connectionString: cluster.urlOf(name) });
  try {
    await owner.connect();
    await owner.query(`REASSIGN OWNED BY ${template.owner} TO ${name}`);
  } catch (error) {
    throw new InfrastructureFault('grading-database-failed', error instanceof Error ? error.message : String(error));
  } finally {
    await owner.end().catch(() => undefined);
  }
}

async function drop(cluster: RunningCluster, name: string): Promise<void> {
  // Its owner may have declared it a template, which cannot be dropped.
  await cluster.administer('UPDATE pg_database SET datistemplate = false WHERE datname = $1', [name]);
  await cluster.administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await cluster.administer(`DROP ROLE IF EXISTS ${name}_judge`);
  await cluster.administer(`DROP ROLE IF EXISTS ${name}`);
}
