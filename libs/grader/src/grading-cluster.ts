import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startPostgresCluster } from '@assay/postgres-cluster/postgres-cluster';
import { ServiceCgroup } from '@assay/sandbox/cgroup/service-cgroup';
import { ownedName, removeAbandoned } from './abandoned-folders';
import { InfrastructureFault } from './faults';
import { RunningCluster } from './running-cluster';

const MIB = 2 ** 20;
/** Room that memory-backed storage must have before a server is put there, and any storage before a grade begins, in bytes. */
const ROOM_IN_MEMORY_BYTES = 2048 * MIB;
const ROOM_BYTES = 1024 * MIB;
const SUPERUSER = 'judge';
const FOLDER_PREFIX = 'assay-grading';

/** Of one server, files in memory included. The limits of a submission (database-limits.ts) end it well before. */
const GROUP = { memoryBytes: 2560 * MIB, processes: 100 };
/**
 * Of one process: a statement that asks for more fails with `out of memory`, and the server goes on. Sorting, hashing and building
 * indexes stay far below with the settings here, which a submission may change. No file may be larger than PostgreSQL makes them.
 */
const PROCESS = { dataBytes: 128 * MIB, fileBytes: 1024 * MIB };

const SETTINGS = {
  max_connections: '50',
  shared_buffers: '64MB',
  maintenance_work_mem: '32MB',
  // A crash is for the grader to notice: it starts another server and knows that this one's grade was disturbed.
  restart_after_crash: 'off',
  max_locks_per_transaction: '256',
  autovacuum: 'off',
  jit: 'off',
  // One plan for one submission, whatever the machine: parallel workers change row order. Without any, nobody can switch them on.
  max_parallel_workers_per_gather: '0',
  max_worker_processes: '0',
  max_logical_replication_workers: '0',
  synchronize_seqscans: 'off',
  // Reads come from memory: three processes fewer.
  io_method: 'sync',
  checkpoint_timeout: '1h',
  // What a submission writes is logged once, in memory as a rule.
  max_wal_size: '128MB',
  min_wal_size: '32MB',
  // Only a superuser may raise it: what sorting and hashing of one session write to disk. Of all together: see database-limits.ts.
  temp_file_limit: '128MB',
  // 32 MiB instead of 8 GiB for notifications that a session does not fetch: no limit on a database counts them.
  max_notify_queue_pages: '4096',
  // Passwords are long and random, and live for one run.
  scram_iterations: '1',
  // A submission's errors must not fill the server's log.
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
};

/** A server for one grade: nobody else uses it until it is given back. */
export interface ServerLease {
  readonly server: RunningCluster;
  /** The server may serve the next grade when the sessions of this one have ended. May be called twice. */
  release(): void;
}

interface Slot {
  readonly server: Promise<RunningCluster>;
  leases: number;
}

/**
 * The throwaway PostgreSQL servers on which submissions are graded: apart from the platform's, in memory when there is room, each in a
 * group of its own. Two submissions never share one, so that what one does to its server no other notices.
 */
export class GradingCluster {
  private slots: Slot[] = [];
  private closed = false;

  /** @param memoryBytes of each server's group, files in memory included */
  constructor(
    private readonly onProgress: (line: string) => void,
    private readonly memoryBytes = GROUP.memoryBytes,
  ) {}

  /** Any running server, for work that is not a grade; started when there is none. Throws {@link InfrastructureFault}. */
  async get(): Promise<RunningCluster> {
    const slot = this.slots[0] ?? this.open();
    const server = await this.living(slot);
    return server ?? this.get();
  }

  /** A server that no other grade has, one that ran before if there is. Throws {@link InfrastructureFault}. */
  async lease(): Promise<ServerLease> {
    const slot = this.slots.find(({ leases }) => leases === 0) ?? this.open();
    slot.leases += 1;
    let isHeld = true;
    const release = (): void => {
      if (isHeld) slot.leases -= 1;
      isHeld = false;
    };
    try {
      const server = await this.living(slot);
      await server?.cleared();
      if (server && !server.ended) {
        await refuseFullStorage(server.folder);
        return { server, release };
      }
    } catch (error) {
      release();
      throw error;
    }
    release();
    return this.lease();
  }

  /** Servers that are running, at least `count`: those that are missing are started. */
  async running(count: number): Promise<RunningCluster[]> {
    while (this.slots.length < count) this.open();
    const servers = await Promise.all(this.slots.map((slot) => this.living(slot)));
    return servers.includes(null) ? this.running(count) : servers.filter((server) => server !== null);
  }

  async close(): Promise<void> {
    this.closed = true;
    const slots = this.slots;
    this.slots = [];
    await Promise.all(slots.map(async ({ server }) => (await server.catch(() => null))?.stop()));
  }

  private open(): Slot {
    if (this.closed) throw new InfrastructureFault('grading-database-unavailable', 'the grading databases were shut down');
    const slot: Slot = { server: this.start(), leases: 0 };
    this.slots.push(slot);
    return slot;
  }

  /** The slot's server, or null when it has ended: then slot and files are gone. */
  private async living(slot: Slot): Promise<RunningCluster | null> {
    try {
      const server = await slot.server;
      if (!server.ended) return server;
      this.forget(slot);
      // Its files stay behind when the server was killed.
      await server
        .stop()
        .catch((error: unknown) => this.onProgress(`The old grading database could not be cleared: ${String(error)}`));
      return null;
    } catch (error) {
      this.forget(slot);
      throw new InfrastructureFault('grading-database-unavailable', error instanceof Error ? error.message : String(error));
    }
  }

  private forget(slot: Slot): void {
    this.slots = this.slots.filter((other) => other !== slot);
  }

  private async start(): Promise<RunningCluster> {
    const root = await storage();
    await removeAbandoned(root, FOLDER_PREFIX);
    const group = await ServiceCgroup.create({ ...GROUP, memoryBytes: this.memoryBytes });
    try {
      const folder = path.join(root, `${ownedName(FOLDER_PREFIX)}${randomBytes(8).toString('hex')}`);
      const postgres = await startPostgresCluster({
        dataDir: folder,
        port: null,
        settings: SETTINGS,
        superuser: SUPERUSER,
        password: randomBytes(24).toString('hex'),
        ephemeral: true,
        limits: PROCESS,
        beforeStart: async (pid) => group?.add(pid),
        onProgress: this.onProgress,
      });
      return await RunningCluster.connect({ postgres, group, folder });
    } catch (error) {
      await group?.remove();
      throw error;
    }
  }
}

async function storage(): Promise<string> {
  const inMemory = await freeBytes('/dev/shm').catch(() => 0);
  return inMemory >= ROOM_IN_MEMORY_BYTES ? '/dev/shm' : os.tmpdir();
}

async function refuseFullStorage(folder: string): Promise<void> {
  const free = await freeBytes(path.dirname(folder));
  if (free >= ROOM_BYTES) return;
  throw new InfrastructureFault(
    'grading-storage-full',
    `${path.dirname(folder)}, where the grading database keeps its files, has ${Math.floor(free / MIB)} MiB left; ${ROOM_BYTES / MIB} MiB are needed`,
  );
}

async function freeBytes(folder: string): Promise<number> {
  const info = await statfs(folder);
  return info.bavail * info.bsize;
}
