import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresCluster, startPostgresCluster } from '@assay/postgres-cluster/postgres-cluster';
import { Client, Pool } from 'pg';
import { ownedName, removeAbandoned } from './abandoned-folders';
import { InfrastructureFault } from './faults';

/** Room that memory-backed storage must have before the cluster is put there, in bytes. */
const ROOM_BYTES = 2 * 1024 ** 3;
const SUPERUSER = 'judge';
const FOLDER_PREFIX = 'assay-grading';
const ADMIN_SESSIONS = 4;

const SETTINGS = {
  max_connections: '120',
  shared_buffers: '128MB',
  autovacuum: 'off',
  jit: 'off',
  // One plan for one submission, whatever the machine: parallel workers change row order.
  max_parallel_workers_per_gather: '0',
  synchronize_seqscans: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '1GB',
  // Only a superuser may raise it: bounds what sorting and hashing write to disk.
  temp_file_limit: '256MB',
  // 32 MiB instead of 8 GiB for notifications that a session does not fetch: no limit on a database counts them.
  max_notify_queue_pages: '4096',
  // Passwords are long and random, and live for one run.
  scram_iterations: '1',
  // A submission's errors must not fill the server's log.
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
};

const WELL_TRIES = 8;
const WELL_PAUSE_MS = 500;
/** Takes locks, and writes 8 MiB. */
const PROBE = `DO $$ BEGIN
  CREATE TEMP TABLE probe ON COMMIT DROP AS SELECT repeat('x', 1000) AS filler FROM generate_series(1, 8192);
END $$`;

/** The throwaway PostgreSQL on which submissions are graded: its own server, apart from the platform's, in memory when there is room. */
export class GradingCluster {
  private running: Promise<RunningCluster> | null = null;

  constructor(private readonly onProgress: (line: string) => void) {}

  /** The running server; started when it is not (or no longer) there. Throws {@link InfrastructureFault}. */
  async get(): Promise<RunningCluster> {
    this.running ??= this.start();
    try {
      const cluster = await this.running;
      if (!cluster.ended) return cluster;
      // Its files stay behind when the server was killed.
      await cluster
        .stop()
        .catch((error: unknown) => this.onProgress(`The old grading database could not be cleared: ${String(error)}`));
    } catch (error) {
      this.running = null;
      throw new InfrastructureFault('grading-database-unavailable', error instanceof Error ? error.message : String(error));
    }
    this.running = null;
    return this.get();
  }

  async close(): Promise<void> {
    const cluster = await this.running?.catch(() => null);
    this.running = null;
    await cluster?.stop();
  }

  private async start(): Promise<RunningCluster> {
    const root = await storage();
    await removeAbandoned(root, FOLDER_PREFIX);
    const cluster = await startPostgresCluster({
      dataDir: path.join(root, `${ownedName(FOLDER_PREFIX)}${randomBytes(8).toString('hex')}`),
      port: null,
      settings: SETTINGS,
      superuser: SUPERUSER,
      password: randomBytes(24).toString('hex'),
      ephemeral: true,
      onProgress: this.onProgress,
    });
    return RunningCluster.connect(cluster);
  }
}

/** A started grading server and the judge's own superuser sessions on it, which never touch a submission's objects. */
export class RunningCluster {
  ended = false;
  /** The last of the queries in the session that is always open, which takes one at a time. */
  private looking: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly postgres: PostgresCluster,
    private readonly admin: Pool,
    private readonly sentinel: Client,
  ) {}

  static async connect(postgres: PostgresCluster): Promise<RunningCluster> {
    const admin = new Pool({ connectionString: postgres.url, max: ADMIN_SESSIONS });
    const sentinel = new Client({ connectionString: postgres.url });
    const cluster = new RunningCluster(postgres, admin, sentinel);
    // Nobody but a crash ends this session. PostgreSQL then restarts itself, and all others have lost theirs as well.
    sentinel
      .on('error', () => undefined)
      .on('end', () => {
        cluster.ended = true;
      });
    await sentinel.connect();
    // A lost idle session; when the server is gone, the next statement says so.
    admin.on('error', () => undefined);
    void postgres.exited.then(() => {
      cluster.ended = true;
    });
    await admin.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
    return cluster;
  }

  /** Runs statements as superuser in the database `postgres`. */
  async administer(sql: string, parameters: readonly unknown[] = []): Promise<readonly Readonly<Record<string, unknown>>[]> {
    try {
      return (await this.admin.query<Record<string, unknown>>(sql, [...parameters])).rows;
    } catch (error) {
      throw new InfrastructureFault('grading-database-failed', error instanceof Error ? error.message : String(error));
    }
  }

  /** Runs a query in a session that is open for as long as the server runs: a new one needs locks, which may be used up. */
  async look(sql: string, parameters: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const rows = this.looking.then(async () => (await this.sentinel.query<Record<string, unknown>>(sql, [...parameters])).rows);
    this.looking = rows.catch(() => undefined);
    return rows;
  }

  /** Whether the server did not crash, and can lock and write, now or after a project that uses up too much was stopped. */
  async isWell(): Promise<boolean> {
    for (let tries = 0; tries < WELL_TRIES && !this.ended; tries += 1) {
      const isProbed = await this.administer(PROBE).then(
        () => true,
        () => false,
      );
      if (isProbed) return !this.ended;
      await sleep(WELL_PAUSE_MS);
    }
    return false;
  }

  /** Settings for a session of a superuser in another database of this server. */
  urlOf(database: string): string {
    const url = new URL(this.postgres.url.replace(/\/postgres$/, `/${database}`));
    return url.href;
  }

  get socketPath(): string {
    return path.join(this.postgres.socketDir, `.s.PGSQL.${this.postgres.port}`);
  }

  async stop(): Promise<void> {
    this.ended = true;
    await Promise.all([this.admin, this.sentinel].map((session) => session.end().catch(() => undefined)));
    await this.postgres.stop();
  }
}

async function storage(): Promise<string> {
  try {
    const info = await statfs('/dev/shm');
    if (info.bavail * info.bsize >= ROOM_BYTES) return '/dev/shm';
  } catch {
    // No such file system here.
  }
  return os.tmpdir();
}
