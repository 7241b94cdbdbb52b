import type { EntityManager } from 'typeorm';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { CostEstimateEntity } from './cost-estimate.entity';

/** Which estimate this one comes from in the end: itself when it was made from none. */
export async function selectRootId(manager: EntityManager, organisationId: string, id: string): Promise<string> {
  const [root] = (await manager.query(
    `WITH RECURSIVE upwards AS (
       SELECT id, based_on_id FROM cost_estimates WHERE organisation_id = $1 AND id = $2
       UNION ALL
       SELECT base.id, base.based_on_id FROM cost_estimates base
         JOIN upwards ON base.organisation_id = $1 AND base.id = upwards.based_on_id
     )
     SELECT id FROM upwards WHERE based_on_id IS NULL`,
    [organisationId, id],
  )) as { id: string }[];
  return root?.id ?? id;
}

/** Every estimate that was made from the root, or from one of these; newest first. */
export function readDescendants(
  manager: EntityManager,
  organisationId: string,
  rootId: string,
  page: PageQuery,
): Promise<Page<CostEstimateEntity>> {
  const query = manager
    .createQueryBuilder(CostEstimateEntity, 'estimate')
    .where({ organisationId })
    .andWhere(
      `estimate.id IN (
         WITH RECURSIVE family AS (
           SELECT id FROM cost_estimates WHERE organisation_id = :organisationId AND based_on_id = :rootId
           UNION ALL
           SELECT made.id FROM cost_estimates made
             JOIN family ON made.organisation_id = :organisationId AND made.based_on_id = family.id
         )
         SELECT id FROM family
       )`,
      { organisationId, rootId },
    );
  return readPage(query, page);
}
