import type { NextVersion } from '@assay/cost-model/assumption-set-changes';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal';
import { AssumptionSetEntity, AssumptionSetVersionEntity } from './assumption-set.entity';

/** Null also for another organisation's. */
export function selectOptionalSet(
  manager: EntityManager,
  organisationId: string,
  id: string,
): Promise<AssumptionSetEntity | null> {
  return manager.findOneBy(AssumptionSetEntity, { organisationId, id });
}

/** With its assumptions. */
export function selectOptionalVersion(
  manager: EntityManager,
  set: { readonly organisationId: string; readonly id: string },
  version: number,
): Promise<AssumptionSetVersionEntity | null> {
  return manager
    .createQueryBuilder(AssumptionSetVersionEntity, 'version')
    .addSelect('version.assumptions')
    .where({ organisationId: set.organisationId, assumptionSetId: set.id, version })
    .getOne();
}

/** The versions above `since` up to and with `to`, oldest first, without their assumptions. */
export function selectVersionsBetween(
  manager: EntityManager,
  set: { readonly organisationId: string; readonly id: string },
  since: number,
  to: number,
): Promise<AssumptionSetVersionEntity[]> {
  return manager
    .createQueryBuilder(AssumptionSetVersionEntity, 'version')
    .where('version.organisationId = :organisationId AND version.assumptionSetId = :id', set)
    .andWhere('version.version > :since AND version.version <= :to', { since, to })
    .orderBy('version.version', 'ASC')
    .getMany();
}

/**
 * Takes the number after `basedOn` for a new version, if that is still the newest one; two who try at the same time wait for each other.
 *
 * @returns whether it was
 */
export async function takeNextNumber(
  manager: EntityManager,
  set: { readonly organisationId: string; readonly id: string },
  basedOn: number,
): Promise<boolean> {
  const { affected } = await manager.update(
    AssumptionSetEntity,
    { organisationId: set.organisationId, id: set.id, newestVersion: basedOn },
    { newestVersion: basedOn + 1 },
  );
  return affected === 1;
}

export async function insertVersion(
  manager: EntityManager,
  principal: Principal,
  set: { readonly id: string; readonly version: number },
  { assumptions, changes }: NextVersion,
): Promise<void> {
  await manager.insert(AssumptionSetVersionEntity, {
    organisationId: principal.organisationId,
    assumptionSetId: set.id,
    version: set.version,
    assumptions,
    changes,
    createdByKind: principal.kind === 'api_key' ? 'api_key' : 'member',
    createdBy: principal.id,
  });
}
