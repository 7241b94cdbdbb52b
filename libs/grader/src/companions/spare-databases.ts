import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureFault } from '../faults';
import { createFreshDatabase } from '../fresh-database';
import type { DatabaseAccess } from '../judged-database';
import type { RunningCluster } from '../running-cluster';
import { SubmissionDatabase } from '../submission-database';

/** In one grade. */
const MOST = 4;

/** Further databases of one grade, empty at first, each with roles of its own and bounded like the project's. */
export class SpareDatabases {
  private readonly made: SubmissionDatabase[] = [];
  private begun = 0;

  constructor(
    private readonly cluster: RunningCluster,
    private readonly workDir: string,
  ) {}

  /**
   * @param onExcess called when the database is beyond its limits
   * @throws InfrastructureFault when there are too many, or none could be made
   */
  async make(onExcess: () => void): Promise<{ readonly id: number; readonly access: DatabaseAccess }> {
    const id = this.begun;
    this.begun += 1;
    if (id >= MOST) throw new InfrastructureFault('check-crashed', `checks asked for more than ${MOST} further databases`);
    const folder = path.join(this.workDir, `d${id}`);
    await mkdir(folder, { mode: 0o755 });
    // Not one of those that are kept ready: few grades want an empty one.
    const take = () => createFreshDatabase(this.cluster, null);
    const database = await SubmissionDatabase.create(this.cluster, folder, null, take);
    this.made[id] = database;
    database.watchLimits(onExcess);
    return { id, access: database.access };
  }

  find(id: number): SubmissionDatabase {
    const database = this.made[id];
    if (!database) throw new InfrastructureFault('judge-failed', `there is no further database ${id}`);
    return database;
  }

  /** @param discard drops one; its sessions may have to be closed before */
  discard(discard: (database: SubmissionDatabase) => void): void {
    for (const database of this.made.filter(Boolean)) discard(database);
  }
}
