import { statfs, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresCluster } from '@assay/postgres-cluster/postgres-cluster';
import type { ServiceCgroup } from '@assay/sandbox/cgroup/service-cgroup';
import { Client, DatabaseError, Pool } from 'pg';
import { DatabasePool } from './database-pool';
import { InfrastructureFault } from './faults';
import { hasUnnoticedEnd, privateMemoryOfChildren } from './server-processes';

const ADMIN_SESSIONS = 4;
const NOTICE_TRIES = 200;
const NOTICE_MS = 5;
const WELL_TRIES = 8;
const WELL_PAUSE_MS = 500;
/** A storage with less than this left may have refused somebody's write, in bytes. */
const FULL_BYTES = 64 * 2 ** 20;
/** Takes locks, and writes 8 MiB. */
const PROBE = `DO $$ BEGIN
  CREATE TEMP TABLE probe ON COMMIT DROP AS SELECT repeat('x', 1000) AS filler FROM generate_series(1, 8192);
END $$`;

export interface ClusterParts {
  readonly postgres: PostgresCluster;
  /** The group of all its processes; null where this machine has none. */
  readonly group: ServiceCgroup | null;
  /** Where its files are. */
  readonly folder: string;
}

/** A started grading server and the judge's own superuser sessions on it, which never touch a submission's objects. */
export class RunningCluster {
  ended = false;
  readonly pool = new DatabasePool(this);
  private storageWasFull = false;
  /** The last of the queries in the session that is always open, which takes one at a time. */
  private looking: Promise<unknown> = Promise.resolve();
  private readonly clearing = new Set<Promise<unknown>>();
  private stopping: Promise<void> | null = null;

  private constructor(
    private readonly parts: ClusterParts,
    private readonly admin: Pool,
    private readonly sentinel: Client,
  ) {}

  static async connect(parts: ClusterParts): Promise<RunningCluster> {
    const { postgres } = parts;
    const admin = new Pool({ connectionString: postgres.url, max: ADMIN_SESSIONS });
    const sentinel = new Client({ connectionString: postgres.url });
    const cluster = new RunningCluster(parts, admin, sentinel);
    // Nobody but a crash ends this session, and all others have lost theirs as well.
    sentinel
      .on('error', () => undefined)
      .on('end', () => {
        cluster.ended = true;
      });
    // A lost idle session; when the server is gone, the next statement says so.
    admin.on('error', () => undefined);
    void postgres.exited.then(() => {
      cluster.ended = true;
    });
    try {
      await sentinel.connect();
      await admin.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get postgres(): PostgresCluster {
    return this.parts.postgres;
  }

  get folder(): string {
    return this.parts.folder;
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
    const storage = await statfs(path.dirname(this.folder)).catch(() => null);
    if (storage && storage.bavail * storage.bsize < FULL_BYTES) this.storageWasFull = true;
    return rows;
  }

  /** Memory that the server's sessions have for themselves, in bytes. */
  sessionMemory(): number {
    return privateMemoryOfChildren(this.postgres.pid);
  }

  /** How often the kernel killed because the memory of the server's group was used up; null where nobody counts it. */
  async memoryKills(): Promise<number | null> {
    return (await this.parts.group?.counters())?.memoryKills ?? null;
  }

  /** Why a grade on this server proves nothing about its submission; null when nothing of ours was wrong until now. */
  async trouble(): Promise<string | null> {
    // A project can notice the end of its session sooner than this process does.
    for (let tries = 0; tries < NOTICE_TRIES && !this.ended && hasUnnoticedEnd(this.postgres.pid); tries += 1)
      await sleep(NOTICE_MS);
    if (!this.ended) await this.look('SELECT 1', []).catch((error: unknown) => this.lost(error));
    if (this.ended) return 'the grading database server ended';
    return this.storageWasFull ? 'the storage of the grading database was full' : null;
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

  /** Holds the next grade back until `work`, which ends the sessions of the last one, is done. */
  clear(work: Promise<unknown>): void {
    const done = work.catch(() => undefined).finally(() => this.clearing.delete(done));
    this.clearing.add(done);
  }

  /** Lets this grade be the server's last: whoever asks for a server next gets another. */
  retire(): void {
    this.ended = true;
  }

  /** Resolves when no session of an earlier grade is left. */
  async cleared(): Promise<void> {
    await Promise.all(this.clearing);
    this.storageWasFull = false;
    // Sessions that ran out of memory describe it there, at length.
    await truncate(`${this.folder}.log`).catch(() => undefined);
  }

  /** Settings for a session of a superuser in another database of this server. */
  urlOf(database: string): string {
    const url = new URL(this.postgres.url.replace(/\/postgres$/, `/${database}`));
    return url.href;
  }

  get socketPath(): string {
    return path.join(this.postgres.socketDir, `.s.PGSQL.${this.postgres.port}`);
  }

  /** Stops the server and removes all that it left. May be called twice. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private lost(error: unknown): void {
    if (!(error instanceof DatabaseError) || error.severity === 'FATAL') this.ended = true;
  }

  private async end(): Promise<void> {
    this.ended = true;
    await Promise.all([this.admin, this.sentinel].map((session) => session.end().catch(() => undefined)));
    try {
      await this.postgres.stop();
    } finally {
      await this.parts.group?.remove();
    }
  }
}
