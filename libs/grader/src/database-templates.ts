import type { TaskPack } from '@assay/task-pack/load-task-pack';
import { InfrastructureFault } from './faults';
import { type DatabaseTemplate, dropDatabase } from './fresh-database';
import { commonParts, type MigrationPlan, partsBefore } from './migration-prefix';
import type { RunningCluster } from './running-cluster';
import type { TakenIn } from './submission-intake';
import { makePrefixTemplate, makeSeededTemplate, type TemplateWorkshop } from './template-making';

/**
 * Keeps databases that submissions of a pack begin with a copy of: one in which the starter's own `migrate` ran (in the sandbox) and the
 * seed rows are, for those that leave the migrations alone; and some in which only the first of the starter's migrations are, for those
 * whose own `migrate` begins with the same ones.
 */
export class DatabaseTemplates {
  private readonly templates = new WeakMap<RunningCluster, Map<string, Promise<DatabaseTemplate>>>();
  /** By content of the pack. */
  private readonly plans = new Map<string, Promise<MigrationPlan>>();

  constructor(private readonly workshop: TemplateWorkshop) {}

  /** With all migrations and the seed rows. Throws {@link InfrastructureFault}: a starter that does not start is the pack's fault. */
  get(cluster: RunningCluster, pack: TaskPack): Promise<DatabaseTemplate> {
    return this.once(cluster, pack, 'seeded', () => makeSeededTemplate(this.workshop, cluster, pack));
  }

  /**
   * With the first migrations of a submission that has not all of the starter's, or others besides; null when it is not certain
   * that it begins with any of the starter's. Throws {@link InfrastructureFault}.
   */
  async begun(cluster: RunningCluster, pack: TaskPack, taken: TakenIn, projectDir: string): Promise<DatabaseTemplate | null> {
    const plan = await this.plan(cluster, pack);
    const parts = await commonParts(plan, pack, taken, projectDir);
    return plan.parts.slice(0, parts).some(({ migrations }) => migrations.length > 0) ? this.prefix(cluster, pack, parts) : null;
  }

  /** Makes all that submissions are likely to need, and the first copies. Throws {@link InfrastructureFault}. */
  async prepare(cluster: RunningCluster, pack: TaskPack): Promise<void> {
    cluster.pool.expect(await this.get(cluster, pack));
    const plan = await this.plan(cluster, pack);
    const likely = new Set(plan.isPlain ? plan.apps.map(({ label }) => partsBefore(plan, label)) : []);
    for (const parts of likely) if (parts > 0) cluster.pool.expect(await this.prefix(cluster, pack, parts));
    // All of the starter's migrations without rows: what most practice runs begin with.
    if (plan.isPlain) await this.prefix(cluster, pack, plan.parts.length);
    await cluster.pool.refill();
  }

  private prefix(cluster: RunningCluster, pack: TaskPack, parts: number): Promise<DatabaseTemplate> {
    return this.once(
      cluster,
      pack,
      `begun ${parts}`,
      async () => (await makePrefixTemplate(this.workshop, cluster, pack, parts)).template,
    );
  }

  private plan(cluster: RunningCluster, pack: TaskPack): Promise<MigrationPlan> {
    return remember(this.plans, pack.contentHash, pack, async () => {
      const { template, plan } = await makePrefixTemplate(this.workshop, cluster, pack, 0);
      await dropDatabase(cluster, template.database);
      return plan;
    });
  }

  private once(
    cluster: RunningCluster,
    pack: TaskPack,
    kind: string,
    make: () => Promise<DatabaseTemplate>,
  ): Promise<DatabaseTemplate> {
    const ofCluster = this.templates.get(cluster) ?? new Map<string, Promise<DatabaseTemplate>>();
    this.templates.set(cluster, ofCluster);
    return remember(ofCluster, `${pack.contentHash} ${kind}`, pack, make);
  }
}

async function remember<T>(known: Map<string, Promise<T>>, key: string, pack: TaskPack, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make();
  known.set(key, made);
  try {
    return await made;
  } catch (error) {
    known.delete(key);
    if (error instanceof InfrastructureFault) throw error;
    throw new InfrastructureFault(
      'pack-broken',
      `the starter of "${pack.slug}" does not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
