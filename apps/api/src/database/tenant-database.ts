import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';

interface OpenTransaction {
  readonly organisationId: string | null;
  readonly manager: EntityManager;
  readonly afterCommit: (() => void)[];
}

/**
 * The only way to the database: every statement runs in a transaction that has its organisation set, so that row-level security
 * shows that organisation's rows and no others. Calls inside a running transaction join it (one handle a request).
 */
@Injectable()
export class TenantDatabase {
  private readonly open = new AsyncLocalStorage<OpenTransaction>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in the organisation's transaction: committed when it returns, rolled back when it throws.
   *
   * @throws Error when a transaction of another organisation is open
   */
  async inOrganisation<T>(organisationId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const running = this.open.getStore();
    if (running) {
      if (running.organisationId !== organisationId) throw new Error('A transaction of another organisation is open');
      return work(running.manager);
    }
    return this.begin(organisationId, work);
  }

  /** Runs `work` in a transaction without an organisation: it sees shared tables (rubrics, tasks, the outbox) and no tenant's rows. */
  async withoutOrganisation<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const running = this.open.getStore();
    return running ? work(running.manager) : this.begin(null, work);
  }

  /**
   * Runs a look-up by a presented credential (an address at sign-in, the hash of a token), before the organisation is known: the
   * policies of the credential tables show the one row that it names. Never joins a running transaction.
   */
  async byCredential<T>(credential: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query("SELECT set_config('assay.credential', $1, true)", [credential]);
      return work(manager);
    });
  }

  /** Runs `action` once the running transaction has committed (at once when none is open). It must not throw. */
  afterCommit(action: () => void): void {
    const running = this.open.getStore();
    if (running) running.afterCommit.push(action);
    else action();
  }

  private async begin<T>(organisationId: string | null, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const afterCommit: (() => void)[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      if (organisationId) await manager.query("SELECT set_config('assay.organisation_id', $1, true)", [organisationId]);
      return this.open.run({ organisationId, manager, afterCommit }, () => work(manager));
    });
    for (const action of afterCommit) action();
    return result;
  }
}
