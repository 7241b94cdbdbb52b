import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { changeAuthorOf } from '../assumption-sets/change-author';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { asProblem, refusing } from '../http/input-error';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound } from '../http/problem';
import type { BasedOn, CostEstimate, CostEstimateSummary, UsedAssumptionSet } from './cost-estimate';
import { CostEstimateEntity } from './cost-estimate.entity';
import type { CreateEstimateDto } from './create-estimate.dto';
import { EstimateBasis } from './estimate-basis';
import { insertEstimate, selectOptionalEstimate, withModels } from './estimate-rows';
import { readEstimateRequest } from './read-estimate-request';
import { type SimulationListener, SimulationThreads } from './simulation-threads';

export interface MakeOptions {
  readonly name: string | null;
  /** The estimate that this one was made from. */
  readonly basedOn?: BasedOn | null;
  /** Null for the model's defaults. */
  readonly assumptionSet?: UsedAssumptionSet | null;
  /** Ids of the assumptions that the request itself overrides. */
  readonly overridden?: readonly string[];
}

/** Writes a simulated estimate, within the transaction that is open if one is. */
export type WriteEstimate = () => Promise<CostEstimate>;

/** Cost estimates of the principal's organisation: simulated once, stored with all they rest on, never changed but for name and archive. */
@Injectable()
export class CostEstimatesService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
    private readonly threads: SimulationThreads,
    private readonly basis: EstimateBasis,
  ) {}

  /** Simulates what is asked for. @throws Problem `invalid-input` naming every field that cannot be estimated with, and those of {@link make} */
  async create(principal: Principal, asked: CreateEstimateDto, listener?: SimulationListener): Promise<WriteEstimate> {
    const { assumptions, assumptionSet } = await this.basis.resolveAssumptions(principal, asked.assumptionSet ?? null);
    const read = refusing(() => readEstimateRequest(asked, assumptions, changeAuthorOf(principal)));
    const exchangeRate = await this.basis.resolveRate(principal, asked.currency ?? 'USD');
    const overridden = (asked.assumptions ?? []).map(({ id }) => id);
    return this.make(principal, { ...read, exchangeRate }, { name: asked.name ?? null, assumptionSet, overridden }, listener);
  }

  /**
   * Simulates an estimate in a thread and says how to write it; call it outside of a transaction, and what it returns inside or outside.
   * Nothing is written before.
   *
   * @throws Problem `invalid-input` for input that cannot be estimated with; `unavailable` when it cannot be simulated now
   */
  async make(
    principal: Principal,
    input: EstimateInput,
    { name, basedOn = null, assumptionSet = null, overridden = [] }: MakeOptions,
    listener?: SimulationListener,
  ): Promise<WriteEstimate> {
    const { organisationId, id: createdBy } = principal;
    const report = await this.threads.report(input, { ...listener, owner: organisationId }).catch((error: unknown) => {
      throw asProblem(error);
    });
    return () =>
      this.database.inOrganisation(organisationId, async (manager) => {
        const made = { organisationId, createdBy, name, input, report, assumptionSet, basedOn };
        const id = await insertEstimate(manager, made);
        await this.audit.record(manager, organisationId, principal, {
          action: 'estimate.created',
          subjectKind: 'estimate',
          subjectId: id,
          detail: { overridden, ...(assumptionSet && { assumptionSet }), ...(basedOn && { basedOn }) },
        });
        return this.selectEstimate(principal, id);
      });
  }

  /** Newest first, those that are archived or those that are not. */
  list(principal: Principal, { archived, ...page }: PageQuery & { archived: boolean }): Promise<Page<CostEstimateSummary>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const query = manager
        .createQueryBuilder(CostEstimateEntity, 'estimate')
        .where({ organisationId, archivedAt: archived ? Not(IsNull()) : IsNull() });
      const { items, nextCursor } = await readPage(query, page);
      return { items: await withModels(manager, items), nextCursor };
    });
  }

  /** The estimate as it was answered when it was made. @throws Problem `not-found`, also for another organisation's */
  async selectEstimate(principal: Principal, id: string): Promise<CostEstimate> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const estimate = await selectOptionalEstimate(manager, organisationId, id);
      if (!estimate) throw notFound('estimate');
      return estimate;
    });
  }

  /** @param name null takes the name away. @throws Problem `not-found` */
  async rename(principal: Principal, id: string, name: string | null): Promise<CostEstimate> {
    return this.change(principal, id, ({ name: before }) =>
      before === name ? null : { change: { name }, action: 'estimate.renamed', detail: { before, after: name } },
    );
  }

  /** Takes it out of the list; archived already, it stays as it is. @throws Problem `not-found` */
  async archive(principal: Principal, id: string): Promise<CostEstimate> {
    return this.change(principal, id, ({ archivedAt }) =>
      archivedAt ? null : { change: { archivedAt: new Date(), archivedBy: principal.id }, action: 'estimate.archived' },
    );
  }

  /** Puts it back into the list; one that is not archived stays as it is. @throws Problem `not-found` */
  async restore(principal: Principal, id: string): Promise<CostEstimate> {
    return this.change(principal, id, ({ archivedAt }) =>
      archivedAt ? { change: { archivedAt: null, archivedBy: null }, action: 'estimate.restored' } : null,
    );
  }

  private change(
    principal: Principal,
    id: string,
    decide: (estimate: CostEstimateEntity) => Change | null,
  ): Promise<CostEstimate> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const estimate = await manager
        .createQueryBuilder(CostEstimateEntity, 'estimate')
        .where({ organisationId, id })
        .setLock('pessimistic_write')
        .getOne();
      if (!estimate) throw notFound('estimate');
      const decided = decide(estimate);
      if (decided) {
        await manager.update(CostEstimateEntity, { organisationId, id }, decided.change);
        const { action, detail } = decided;
        await this.audit.record(manager, organisationId, principal, { action, subjectKind: 'estimate', subjectId: id, detail });
      }
      return this.selectEstimate(principal, id);
    });
  }
}

interface Change {
  readonly change: Partial<Pick<CostEstimateEntity, 'name' | 'archivedAt' | 'archivedBy'>>;
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}
