import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantDatabase } from '../database/tenant-database';

/** A practice run by its ids. */
export interface PracticeReference {
  readonly runId: string;
  readonly organisationId: string;
}

interface Row {
  practice_run_id: string;
  tenant_id: string;
}

/**
 * The practice runs that are owed an outcome, and those whose result is still kept. As with the grading outbox, a row is written in the
 * transaction that makes the run and settled in the one that stores its outcome; it goes when the run's result does.
 */
@Injectable()
export class PracticeOutbox {
  constructor(private readonly database: TenantDatabase) {}

  async record(manager: EntityManager, { runId, organisationId }: PracticeReference): Promise<void> {
    await manager.query('INSERT INTO practice_outbox (practice_run_id, tenant_id) VALUES ($1, $2)', [runId, organisationId]);
  }

  async settle(manager: EntityManager, runId: string): Promise<void> {
    await manager.query('UPDATE practice_outbox SET settled_at = now() WHERE practice_run_id = $1 AND settled_at IS NULL', [
      runId,
    ]);
  }

  /** Runs that were not handed over yet, oldest first. */
  selectUnpublished(limit: number): Promise<PracticeReference[]> {
    return this.select('settled_at IS NULL AND published_at IS NULL ORDER BY created_at LIMIT $1', [limit]);
  }

  /** Runs that were handed over at least `seconds` ago and have no outcome. */
  selectOverdue(seconds: number, limit: number): Promise<PracticeReference[]> {
    return this.select('settled_at IS NULL AND published_at < now() - make_interval(secs => $1) ORDER BY published_at LIMIT $2', [
      seconds,
      limit,
    ]);
  }

  /** Runs that ended at least `days` ago and whose result is still there. */
  selectExpired(days: number, limit: number): Promise<PracticeReference[]> {
    return this.select('settled_at < now() - make_interval(days => $1) ORDER BY settled_at LIMIT $2', [days, limit]);
  }

  /** Notes that the run is on the queue now. */
  async markPublished(runId: string): Promise<void> {
    await this.database.withoutOrganisation((manager) =>
      manager.query(
        'UPDATE practice_outbox SET published_at = now(), publications = publications + 1 WHERE practice_run_id = $1',
        [runId],
      ),
    );
  }

  async forget(manager: EntityManager, runId: string): Promise<void> {
    await manager.query('DELETE FROM practice_outbox WHERE practice_run_id = $1 AND settled_at IS NOT NULL', [runId]);
  }

  /** The organisation of a run that is owed an outcome, or null. */
  async selectOptionalOrganisation(runId: string): Promise<string | null> {
    const [found] = await this.select('practice_run_id = $1 AND settled_at IS NULL', [runId]);
    return found?.organisationId ?? null;
  }

  private async select(condition: string, parameters: unknown[]): Promise<PracticeReference[]> {
    const rows = await this.database.withoutOrganisation(
      (manager) =>
        manager.query(`SELECT practice_run_id, tenant_id FROM practice_outbox WHERE ${condition}`, parameters) as Promise<Row[]>,
    );
    return rows.map((row) => ({ runId: row.practice_run_id, organisationId: row.tenant_id }));
  }
}
