import type { RunningCluster } from './running-cluster';

const MIB = 2 ** 20;
/** Largest database, in bytes. */
const MAX_DATABASE_BYTES = 512 * MIB;
/** Files in which its sessions sort and hash, all together, in bytes. One session may have less (grading-cluster.ts). */
const MAX_TEMPORARY_BYTES = 256 * MIB;
/** Memory of its sessions, all together, in bytes. One may have less, and is then refused more (grading-cluster.ts). */
const MAX_MEMORY_BYTES = 512 * MIB;
/** Most locks that all its sessions may hold; the server has room for about 13,000. */
const MAX_LOCKS = 2_000;

const LOOK_MS = 250;
/** Looks at a database that may fail in turn, because the server has no room left, before the worst is assumed. */
const MAX_BLIND_LOOKS = 8;

const LOOK = `SELECT pg_database_size(oid) AS bytes,
    (SELECT count(*) FROM pg_locks WHERE database = oid) AS locks,
    (SELECT coalesce(sum(size), 0) FROM pg_ls_tmpdir()) AS temporary
  FROM pg_database WHERE datname = $1`;

/** The limit of its database that a project broke. */
export type DatabaseExcess = 'size' | 'temporary-files' | 'memory' | 'locks';

/** What a project that broke a limit was told, in the message of a check that it then failed. */
export const STOPPED_FOR: Readonly<Record<DatabaseExcess, string>> = {
  size: 'the project was stopped, because it filled its database beyond the limit',
  'temporary-files': 'the project was stopped, because its statements wrote more temporary data than the limit',
  memory: 'the project was stopped, because its statements used more memory than the limit',
  locks: 'the project was stopped, because it held too many locks in its database',
};

/**
 * Looks four times a second from outside at the database of the grade that has the server, and tells once when it is beyond a limit.
 * Between two looks the limits of each process and of the server's group hold.
 */
export class DatabaseWatch {
  private timer: NodeJS.Timeout | null = null;
  private blindLooks = 0;

  constructor(
    private readonly cluster: RunningCluster,
    private readonly database: string,
    private readonly onExcess: (excess: DatabaseExcess) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private async look(): Promise<void> {
    const excess = await this.excess();
    if (excess === null || this.timer === null) return;
    this.stop();
    this.onExcess(excess);
  }

  private async excess(): Promise<DatabaseExcess | null> {
    if (this.cluster.sessionMemory() > MAX_MEMORY_BYTES) return 'memory';
    try {
      const [row] = await this.cluster.look(LOOK, [this.database]);
      this.blindLooks = 0;
      if (Number(row?.bytes) > MAX_DATABASE_BYTES) return 'size';
      if (Number(row?.temporary) > MAX_TEMPORARY_BYTES) return 'temporary-files';
      return Number(row?.locks) > MAX_LOCKS ? 'locks' : null;
    } catch {
      this.blindLooks += 1;
      return !this.cluster.ended && this.blindLooks >= MAX_BLIND_LOOKS ? 'locks' : null;
    }
  }
}
