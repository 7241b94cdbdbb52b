import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type DatabaseExcess, DatabaseWatch } from './database-limits';
import { InfrastructureFault, SubmissionFault } from './faults';
import { type DatabaseTemplate, dropDatabase, endSessions, type FreshDatabase } from './fresh-database';
import type { DatabaseAccess } from './judged-database';
import type { RunningCluster } from './running-cluster';

/**
 * A fresh database for one submission. Two roles are made with it: the submission's own, which owns the database, and the judge's, a
 * member of it whose sessions act as the submission's role. The judge's sessions thus have the submission's rights and no more, while
 * the submission can neither end nor watch them.
 */
export class SubmissionDatabase {
  private watch: DatabaseWatch | null = null;

  private constructor(
    private readonly cluster: RunningCluster,
    private readonly fresh: FreshDatabase,
    /** With what a judge, in whichever process, opens proxy and session; they must be closed before `toTemplate`. */
    readonly access: DatabaseAccess,
    /** Folder with the proxy's socket, all that a sandbox gets to see. */
    readonly socketDir: string,
    private readonly killsBefore: number | null,
  ) {}

  /**
   * @param folder an existing folder of the judge for this run; the proxy's socket is to be made in it.
   * @param take where the database comes from
   */
  static async create(
    cluster: RunningCluster,
    folder: string,
    template: DatabaseTemplate | null,
    take = (): Promise<FreshDatabase> => cluster.pool.take(template),
  ): Promise<SubmissionDatabase> {
    const killsBefore = await cluster.memoryKills();
    const fresh = await take();
    try {
      const socketDir = path.join(folder, 'postgres');
      await mkdir(socketDir);
      await chmod(socketDir, 0o755);
      const access: DatabaseAccess = {
        server: { socketDir: cluster.postgres.socketDir, port: cluster.postgres.port },
        database: fresh.name,
        role: fresh.name,
        judge: { user: `${fresh.name}_judge`, password: fresh.judgePassword },
        listenPath: path.join(socketDir, '.s.PGSQL.5432'),
      };
      return new SubmissionDatabase(cluster, fresh, access, socketDir, killsBefore);
    } catch (error) {
      await dropDatabase(cluster, fresh.name);
      throw error;
    }
  }

  get name(): string {
    return this.fresh.name;
  }

  get password(): string {
    return this.fresh.password;
  }

  /** What the project needs to reach its database, under the names that libpq and the task statement use. */
  get environment(): Readonly<Record<string, string>> {
    return { PGHOST: '/run/postgresql', PGPORT: '5432', PGUSER: this.name, PGPASSWORD: this.password, PGDATABASE: this.name };
  }

  /** Looks at the database from outside and calls back once when it is beyond its limits. */
  watchLimits(onExcess: (excess: DatabaseExcess) => void): void {
    this.watch = new DatabaseWatch(this.cluster, this.name, onExcess);
    this.watch.start();
  }

  /**
   * Why nothing that was seen of the submission counts, or null: its server was lost, or refused to write. The submission is to blame
   * only when the kernel killed for want of memory in the group of the server, which served nobody else.
   */
  async fault(): Promise<SubmissionFault | InfrastructureFault | null> {
    const trouble = await this.cluster.trouble();
    if (trouble === null) return null;
    const kills = this.cluster.ended ? await this.cluster.memoryKills().catch(() => null) : null;
    if (kills !== null && kills > (this.killsBefore ?? kills)) {
      return new SubmissionFault('ungradable', {
        code: 'too-much-database-memory',
        messageForCandidate:
          "Your project's statements used up all memory of the database server, which ended. Look for statements that sort, join or collect immense amounts of data, and for sessions that are opened without end.",
        messageForReviewer: `The kernel killed a session of the grading database because its memory was used up (${trouble}). No other submission was on it.`,
        log: '',
      });
    }
    return new InfrastructureFault(this.cluster.ended ? 'grading-database-failed' : 'grading-storage-full', trouble);
  }

  /** Makes the database a template: nobody can connect any more, its objects stay with the submission's role, the roles lose their log-in. */
  async toTemplate(): Promise<DatabaseTemplate> {
    this.watch?.stop();
    await endSessions(this.cluster, this.name);
    await this.cluster.administer(`ALTER DATABASE ${this.name} OWNER TO CURRENT_USER`);
    await this.cluster.administer(`ALTER ROLE ${this.name} NOLOGIN`);
    await this.cluster.administer(`DROP ROLE ${this.name}_judge`);
    return { database: this.name, owner: this.name };
  }

  /** Ends every session, then drops database and roles and makes the next ones. The server serves no other grade before the sessions ended. */
  async drop(): Promise<void> {
    this.watch?.stop();
    if (this.cluster.ended) return;
    const ended = endSessions(this.cluster, this.name);
    this.cluster.clear(ended);
    try {
      await ended;
      await dropDatabase(this.cluster, this.name);
    } catch (error) {
      await this.cluster.trouble();
      if (this.cluster.ended) return;
      // Whatever is left there, nobody is to meet it.
      this.cluster.retire();
      throw error;
    }
    await this.cluster.pool.refill();
  }
}
