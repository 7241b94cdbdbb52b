import type { JobPriority } from '@assay/queue/queue-settings';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantDatabase } from '../database/tenant-database';

/** A grading run that is still to reach the queue, or that is there and has no outcome yet. */
export interface OpenRun {
  readonly runId: string;
  readonly organisationId: string;
  /** Null until the run was handed to the queue. */
  readonly publishedAt: Date | null;
  /** How often it was handed over. */
  readonly publications: number;
  /** How soon its turn comes; kept here, so that a run that the queue has lost goes back to its own place. */
  readonly priority: JobPriority;
}

interface OutboxRow {
  grading_run_id: string;
  tenant_id: string;
  published_at: Date | null;
  publications: number;
  priority: JobPriority;
}

/**
 * The list of runs that are owed an outcome. A row is written in the transaction that creates the run and settled in the one that
 * stores its outcome, so whatever happens to the queue or to a worker, no run is forgotten.
 */
@Injectable()
export class GradingOutbox {
  constructor(private readonly database: TenantDatabase) {}

  async record(manager: EntityManager, organisationId: string, runId: string): Promise<void> {
    await manager.query('INSERT INTO grading_outbox (grading_run_id, tenant_id) VALUES ($1, $2)', [runId, organisationId]);
  }

  /** Records runs that nobody waits for: their turn comes after all others. */
  async recordLast(manager: EntityManager, organisationId: string, runIds: readonly string[]): Promise<void> {
    await manager.query(
      `INSERT INTO grading_outbox (grading_run_id, tenant_id, priority) SELECT unnest($1::uuid[]), $2, 'last'`,
      [runIds, organisationId],
    );
  }

  async settle(manager: EntityManager, runId: string): Promise<void> {
    await manager.query('UPDATE grading_outbox SET settled_at = now() WHERE grading_run_id = $1 AND settled_at IS NULL', [runId]);
  }

  /** Runs that somebody waits for and that were not handed over yet, oldest first. */
  selectUnpublished(limit: number): Promise<OpenRun[]> {
    return this.select(`published_at IS NULL AND priority <> 'last' ORDER BY created_at LIMIT $1`, [limit]);
  }

  /** Runs that nobody waits for and that were not handed over yet, oldest first: as many as keep `most` of them on the queue. */
  selectUnpublishedLast(most: number): Promise<OpenRun[]> {
    return this.select(
      `published_at IS NULL AND priority = 'last' ORDER BY created_at, grading_run_id LIMIT greatest(0, $1 - (
         SELECT count(*) FROM grading_outbox WHERE settled_at IS NULL AND published_at IS NOT NULL AND priority = 'last'))`,
      [most],
    );
  }

  /** Runs that were handed over at least `seconds` ago and have no outcome, oldest hand-over first. */
  selectOverdue(seconds: number, limit: number): Promise<OpenRun[]> {
    return this.select(`published_at < now() - make_interval(secs => $1) ORDER BY published_at LIMIT $2`, [seconds, limit]);
  }

  /** Notes that the run is on the queue now. */
  async markPublished(run: OpenRun): Promise<void> {
    await this.database.withoutOrganisation((manager) =>
      manager.query('UPDATE grading_outbox SET published_at = now(), publications = publications + 1 WHERE grading_run_id = $1', [
        run.runId,
      ]),
    );
  }

  /** The organisation of a run that is owed an outcome, or null when it is owed none. */
  async selectOptionalOrganisation(runId: string): Promise<string | null> {
    const rows = await this.database.withoutOrganisation(
      (manager) =>
        manager.query('SELECT tenant_id FROM grading_outbox WHERE grading_run_id = $1 AND settled_at IS NULL', [
          runId,
        ]) as Promise<Pick<OutboxRow, 'tenant_id'>[]>,
    );
    return rows[0]?.tenant_id ?? null;
  }

  private async select(condition: string, parameters: unknown[]): Promise<OpenRun[]> {
    const rows = await this.database.withoutOrganisation(
      (manager) =>
        manager.query(
          `SELECT grading_run_id, tenant_id, published_at, publications, priority FROM grading_outbox WHERE settled_at IS NULL AND ${condition}`,
          parameters,
        ) as Promise<OutboxRow[]>,
    );
    return rows.map((row) => ({
      runId: row.grading_run_id,
      organisationId: row.tenant_id,
      publishedAt: row.published_at,
      publications: row.publications,
      priority: row.priority,
    }));
  }
}
