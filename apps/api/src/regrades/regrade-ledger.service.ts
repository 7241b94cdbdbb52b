import { type Comparison, isChanged } from '@assay/scoring/compare-reports';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { storableJson } from '../grading-reports/storable-json';
import { RegradeItem } from './regrade-item.entity';

export type { RegradeItem };

/** The list of what is graded again. It knows nothing of grading, so that grading can write to it. */
@Injectable()
export class RegradeLedger {
  constructor(private readonly database: TenantDatabase) {}

  /** What a run of a regrade stands beside, while nobody has decided on it; else null. */
  selectOptionalOpen(manager: EntityManager, newRunId: string): Promise<RegradeItem | null> {
    return manager
      .createQueryBuilder(RegradeItem, 'item')
      .where('item.new_run_id = :newRunId AND item.decision IS NULL', { newRunId })
      .getOne();
  }

  /** Keeps what the new run changes. */
  async noteComparison(manager: EntityManager, itemId: string, comparison: Comparison): Promise<void> {
    await manager.query('UPDATE regrade_items SET comparison = $2, changed = $3 WHERE id = $1', [
      itemId,
      storableJson(comparison),
      isChanged(comparison),
    ]);
  }

  /** All that was graded again of an evaluation, by the new run's id. */
  async selectByNewRun(principal: Principal, evaluationId: string): Promise<ReadonlyMap<string, RegradeItem>> {
    const items = await this.database.inOrganisation(principal.organisationId, (manager) =>
      manager.findBy(RegradeItem, { organisationId: principal.organisationId, evaluationId }),
    );
    return new Map(items.map((item) => [item.newRunId, item]));
  }
}
