import type { EntityManager } from 'typeorm';
import { ExchangeRateEntity } from './exchange-rate.entity';

/** The newest rate of the currency by its day; of one day the last correction. Null when there is none up to `day`. */
export function selectOptionalNewest(
  manager: EntityManager,
  organisationId: string,
  currency: string,
  day: string,
): Promise<ExchangeRateEntity | null> {
  return manager
    .createQueryBuilder(ExchangeRateEntity, 'rate')
    .where('rate.organisationId = :organisationId AND rate.currency = :currency AND rate.day <= :day', {
      organisationId,
      currency,
      day,
    })
    .orderBy('rate.day', 'DESC')
    .addOrderBy('rate.id', 'DESC')
    .limit(1)
    .getOne();
}

/** Which of these rates were corrected: the id of the rate that took its place, by the id of the corrected one. */
export async function selectCorrections(
  manager: EntityManager,
  organisationId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await manager
    .createQueryBuilder(ExchangeRateEntity, 'rate')
    .select(['rate.id', 'rate.corrects'])
    .where('rate.organisationId = :organisationId AND rate.corrects IN (:...ids)', { organisationId, ids })
    .getMany();
  return new Map(rows.map(({ id, corrects }) => [corrects as string, id]));
}
