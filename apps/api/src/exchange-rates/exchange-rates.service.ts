import { DOLLAR, type ExchangeRate } from '@assay/cost-model/currency';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { today } from '../http/day';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { invalidField, Problem } from '../http/problem';
import { isCurrencyCode } from './currency-codes';
import { ExchangeRateEntity } from './exchange-rate.entity';
import { selectCorrections, selectOptionalNewest } from './exchange-rate.queries';

export interface StoredExchangeRate {
  readonly id: string;
  readonly currency: string;
  /** Decimal text. */
  readonly perDollar: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly source: string;
  readonly corrects: string | null;
  readonly correctionReason: string | null;
  /** The rate that took the place of this one. */
  readonly correctedBy: string | null;
  readonly createdByKind: 'member' | 'api_key';
  readonly createdBy: string;
  readonly createdAt: Date;
}

export interface NewExchangeRate {
  readonly currency: string;
  /** Units of the currency for one US dollar. */
  readonly perDollar: number;
  /** `YYYY-MM-DD`, a day that there is. */
  readonly date: string;
  readonly source: string;
  readonly correction?: { readonly of: string; readonly reason: string };
}

/** Exchange rates of the principal's organisation: one for each currency and day, stored with its source, never changed. */
@Injectable()
export class ExchangeRatesService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
  ) {}

  /**
   * The rate that an estimate in this currency is converted with: the newest by its day, never one of a day to come. A running
   * transaction is joined.
   *
   * @param path where the currency stands in the request
   * @throws Problem `invalid-input` naming `path` for what is no currency, or one without a rate
   */
  async selectForEstimate(principal: Principal, currency: string, path = 'currency'): Promise<ExchangeRate> {
    if (currency === DOLLAR.currency) return DOLLAR;
    if (!isCurrencyCode(currency)) throw invalidField(path, NO_CURRENCY);
    const { organisationId } = principal;
    const rate = await this.database.inOrganisation(organisationId, (manager) =>
      selectOptionalNewest(manager, organisationId, currency, today()),
    );
    if (!rate) throw invalidField(path, `has no exchange rate: store one for ${currency} with POST /api/v1/exchange-rates.`);
    return { currency, perDollar: Number(rate.perDollar), date: rate.day, source: rate.source };
  }

  /**
   * @throws Problem `invalid-input` naming the field; `already-exists` when the day has a rate and this one does not say that it
   *   corrects it; `conflict` when the rate to correct was corrected already
   */
  create(principal: Principal, input: NewExchangeRate): Promise<StoredExchangeRate> {
    const { organisationId } = principal;
    refuseWhatIsNoRate(input);
    return this.database.inOrganisation(organisationId, async (manager) => {
      if (input.correction) await refuseOtherCorrection(manager, organisationId, input, input.correction.of);
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(ExchangeRateEntity)
        .values({
          ...{
            organisationId,
            currency: input.currency,
            perDollar: String(input.perDollar),
            day: input.date,
            source: input.source,
          },
          corrects: input.correction?.of ?? null,
          correctionReason: input.correction?.reason ?? null,
          createdByKind: principal.kind === 'api_key' ? 'api_key' : 'member',
          createdBy: principal.id,
        })
        .orIgnore()
        .returning('id')
        .execute();
      const [created] = inserted.raw as { id: string }[];
      if (!created) throw input.correction ? correctedAlready() : dayTaken(input);
      await this.audit.record(manager, organisationId, principal, {
        action: input.correction ? 'exchange-rate.corrected' : 'exchange-rate.created',
        subjectKind: 'exchange-rate',
        subjectId: created.id,
        detail: {
          currency: input.currency,
          date: input.date,
          perDollar: input.perDollar,
          corrects: input.correction?.of ?? null,
        },
      });
      const stored = await manager.findOneByOrFail(ExchangeRateEntity, { organisationId, id: created.id });
      return { ...stored, correctedBy: null };
    });
  }

  /** Last stored first; with `currency` only those of this one. Corrected ones are listed and say which rate took their place. */
  list(principal: Principal, page: PageQuery, currency?: string): Promise<Page<StoredExchangeRate>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const query = manager
        .createQueryBuilder(ExchangeRateEntity, 'rate')
        .where('rate.organisationId = :organisationId', { organisationId });
      if (currency !== undefined) query.andWhere('rate.currency = :currency', { currency });
      const { items, nextCursor } = await readPage(query, page);
      const corrections = await selectCorrections(
        manager,
        organisationId,
        items.map(({ id }) => id),
      );
      return { items: items.map((rate) => ({ ...rate, correctedBy: corrections.get(rate.id) ?? null })), nextCursor };
    });
  }
}

const NO_CURRENCY = 'must be the code of a currency by ISO 4217, three capital letters, for example EUR.';

function refuseWhatIsNoRate({ currency, date }: NewExchangeRate): void {
  if (currency === DOLLAR.currency) throw invalidField('currency', 'needs no rate: estimates are calculated in US dollars.');
  if (!isCurrencyCode(currency)) throw invalidField('currency', NO_CURRENCY);
  if (date > today()) throw invalidField('date', `must not be in the future; in UTC it is ${today()}.`);
}

/** A correction is of a rate of the same currency and day. */
async function refuseOtherCorrection(
  manager: EntityManager,
  organisationId: string,
  { currency, date }: NewExchangeRate,
  id: string,
): Promise<void> {
  const corrected = await manager.findOneBy(ExchangeRateEntity, { organisationId, id });
  if (!corrected) throw invalidField('correction.of', 'is no exchange rate of this organisation.');
  if (corrected.currency !== currency || corrected.day !== date) {
    throw invalidField(
      'correction.of',
      `is the rate of ${corrected.currency} on ${corrected.day}; a correction is of the same currency and day.`,
    );
  }
}

function correctedAlready(): Problem {
  return new Problem('conflict', 'This rate was corrected already. Correct the one that took its place, its correctedBy.');
}

function dayTaken({ currency, date }: NewExchangeRate): Problem {
  return new Problem(
    'already-exists',
    `There is a rate of ${currency} on ${date} already. If it is wrong, send "correction" with its id and the reason.`,
  );
}
