import { DOLLAR, decimalsOf, type ExchangeRate } from '@assay/cost-model/currency';
import type { InputProblem } from '@assay/cost-model/input-error';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import type { CostEstimate } from '../cost-estimates/cost-estimate';
import { CostEstimatesService } from '../cost-estimates/cost-estimates.service';
import { EstimateScenariosService } from '../cost-estimates/estimate-scenarios.service';
import { TenantDatabase } from '../database/tenant-database';
import { ExchangeRatesService } from '../exchange-rates/exchange-rates.service';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { invalidInput, Problem } from '../http/problem';
import { problemsInDollars, problemsOfActual } from './actual-rules';
import { CostActualEntity } from './cost-actual.entity';
import { type Foretold, foretoldOf } from './foretold';
import type { RecordActualDto } from './record-actual.dto';

/** An actual as it was recorded, and whether it is the one that counts. */
export interface RecordedActual {
  readonly actual: CostActualEntity;
  readonly counts: boolean;
}

/** What hires really cost and took: one record an estimate counts, the latest; earlier ones stay readable. */
@Injectable()
export class CostActualsService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
    private readonly estimates: CostEstimatesService,
    private readonly scenarios: EstimateScenariosService,
    private readonly rates: ExchangeRatesService,
  ) {}

  /**
   * Records what came of an estimate, or corrects what was recorded.
   *
   * @param now the clock, against which days are held
   * @throws Problem `not-found`, also for another organisation's estimate; `invalid-input` naming each field at fault
   */
  record(principal: Principal, estimateId: string, input: RecordActualDto, now: Date): Promise<RecordedActual> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const estimate = await this.estimates.selectEstimate(principal, estimateId);
      const before = await selectOptionalLatestLocked(manager, organisationId, estimateId);
      const foretold = foretoldOf(estimate, await this.scenarios.readRootId(principal, estimateId), input.model);
      const problems = [
        ...problemsOfActual(input, now),
        ...problemsOfReason(input, before),
        ...(foretold ? [] : [{ path: 'model', message: 'is none of those that the estimate is of.' }]),
      ];
      if (problems.length > 0 || !foretold) throw invalidInput(problems);
      const rate = await this.rateOf(principal, estimate, input.cost.currency);
      const outOfProportion = problemsInDollars(input, rate.perDollar);
      if (outOfProportion.length > 0) throw invalidInput(outOfProportion);
      const revision = (before?.revision ?? 0) + 1;
      return this.insert(manager, principal, rowOf(principal, estimateId, revision, input, rate, foretold));
    });
  }

  /**
   * Takes back what was recorded, for example with the wrong estimate: it stays readable and no longer counts.
   *
   * @throws Problem `not-found`; `conflict` when nothing counts
   */
  withdraw(principal: Principal, estimateId: string, reason: string): Promise<RecordedActual> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      await this.estimates.selectEstimate(principal, estimateId);
      const before = await selectOptionalLatestLocked(manager, organisationId, estimateId);
      if (!before || before.withdrawn) {
        throw new Problem('conflict', 'No actual of this estimate counts, so there is nothing to withdraw.');
      }
      const { id: _, recordedAt: __, ...figures } = before;
      const revision = before.revision + 1;
      return this.insert(manager, principal, { ...figures, ...authorOf(principal), revision, reason, withdrawn: true });
    });
  }

  private async insert(
    manager: EntityManager,
    principal: Principal,
    row: Omit<CostActualEntity, 'id' | 'recordedAt'>,
  ): Promise<RecordedActual> {
    const { organisationId, costEstimateId, revision, model, cost, currency, withdrawn } = row;
    const inserted = await manager.insert(CostActualEntity, row);
    const id = inserted.identifiers[0]?.id as string;
    await this.audit.record(manager, organisationId, principal, {
      action: `estimate.actual-${withdrawn ? 'withdrawn' : revision === 1 ? 'recorded' : 'corrected'}`,
      subjectKind: 'estimate',
      subjectId: costEstimateId,
      detail: {
        actual: id,
        revision,
        model,
        cost: { amount: Number(cost), currency },
        deliveryMonths: Number(row.deliveryMonths),
      },
    });
    return { actual: await manager.findOneByOrFail(CostActualEntity, { organisationId, id }), counts: !withdrawn };
  }

  /** All that was recorded of an estimate, newest first. @throws Problem `not-found` */
  list(principal: Principal, estimateId: string, page: PageQuery): Promise<Page<RecordedActual>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      await this.estimates.selectEstimate(principal, estimateId);
      const latest = await selectOptionalLatest(manager, organisationId, estimateId);
      const query = manager.createQueryBuilder(CostActualEntity, 'actual').where({ organisationId, costEstimateId: estimateId });
      const { items, nextCursor } = await readPage(query, page);
      return { items: items.map((actual) => ({ actual, counts: !actual.withdrawn && actual.id === latest?.id })), nextCursor };
    });
  }

  /** The actual that counts of every estimate that has one, in the order of the estimates. */
  async selectCounting(principal: Principal): Promise<CostActualEntity[]> {
    const { organisationId } = principal;
    const latest = await this.database.inOrganisation(organisationId, (manager) =>
      manager
        .createQueryBuilder(CostActualEntity, 'actual')
        .distinctOn(['actual.costEstimateId'])
        .where({ organisationId })
        .orderBy('actual.costEstimateId')
        .addOrderBy('actual.revision', 'DESC')
        .getMany(),
    );
    return latest.filter(({ withdrawn }) => !withdrawn);
  }

  /** The estimate's own rate for its own currency, so that both convert alike. */
  private async rateOf(principal: Principal, { currency, report }: CostEstimate, paidIn: string): Promise<ExchangeRate> {
    if (paidIn === currency) return report?.exchangeRate ?? DOLLAR;
    return this.rates.selectForEstimate(principal, paidIn, 'cost.currency');
  }
}

/** Whoever records or withdraws waits for others who do so with the same estimate. */
async function selectOptionalLatestLocked(
  manager: EntityManager,
  organisationId: string,
  costEstimateId: string,
): Promise<CostActualEntity | null> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`estimate actuals ${costEstimateId}`]);
  return selectOptionalLatest(manager, organisationId, costEstimateId);
}

function selectOptionalLatest(
  manager: EntityManager,
  organisationId: string,
  costEstimateId: string,
): Promise<CostActualEntity | null> {
  return manager.findOne(CostActualEntity, { where: { organisationId, costEstimateId }, order: { revision: 'DESC' } });
}

function problemsOfReason({ reason }: RecordActualDto, before: CostActualEntity | null): InputProblem[] {
  if (before && !reason) {
    return [{ path: 'reason', message: 'is needed: the estimate has an actual already, and this corrects it.' }];
  }
  return !before && reason ? [{ path: 'reason', message: 'must be left out: there is no actual to correct yet.' }] : [];
}

function rowOf(
  principal: Principal,
  costEstimateId: string,
  revision: number,
  input: RecordActualDto,
  rate: ExchangeRate,
  foretold: Foretold,
): Omit<CostActualEntity, 'id' | 'recordedAt'> {
  const { currency } = rate;
  const decimal = (value: number | null | undefined, places: number) =>
    typeof value === 'number' ? value.toFixed(places) : null;
  const money = (value: number | null | undefined) => decimal(value, decimalsOf(currency));
  return {
    ...{ organisationId: principal.organisationId, costEstimateId, revision, withdrawn: false },
    ...{ model: input.model, currency, foretold },
    cost: input.cost.amount.toFixed(decimalsOf(currency)),
    perDollar: String(rate.perDollar),
    rateDay: rate.date,
    rateSource: rate.source,
    deliveryMonths: input.deliveryMonths.toFixed(4),
    monthsToStart: decimal(input.monthsToStart, 4),
    workedHours: decimal(input.workedHours, 2),
    hourlyRate: money(input.hourlyRate),
    annualSalary: money(input.annualSalary),
    exits: input.exits ?? null,
    startedOn: input.startedOn ?? null,
    deliveredOn: input.deliveredOn ?? null,
    note: input.note ?? null,
    reason: input.reason ?? null,
    ...authorOf(principal),
  };
}

function authorOf({ kind, id }: Principal): Pick<CostActualEntity, 'recordedByKind' | 'recordedBy'> {
  return { recordedByKind: kind === 'api_key' ? 'api_key' : 'member', recordedBy: id };
}
