import type { Assumption } from '@assay/cost-model/assumption';
import type { BreakEven } from '@assay/cost-model/break-even';
import type { ClaimComparison } from '@assay/cost-model/claims';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { type Estimate, estimateProject } from '@assay/cost-model/estimate';
import type { Breakdown } from '@assay/cost-model/formulas';
import { EstimateInputError } from '@assay/cost-model/input-error';
import { overrideAssumptions } from '@assay/cost-model/override-assumptions';
import { HIRING_MODELS, type HiringModel, type Project, parseProject } from '@assay/cost-model/project';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { AuditService } from '../audit/audit.service';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { type Page, type PageQuery, readPage } from '../http/pagination';
import { notFound, Problem } from '../http/problem';
import { CostEstimateEntity, CostEstimateModelEntity } from './cost-estimate.entity';
import type { CreateEstimateDto } from './create-estimate.dto';

export interface EstimatedModel {
  readonly model: HiringModel;
  /** To the cent. */
  readonly total: number;
  readonly currency: string;
  readonly deliveryMonths: number;
  readonly breakdown: Breakdown;
}

export interface CostEstimateSummary {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly project: Project;
  /** In the order of `HIRING_MODELS`. */
  readonly models: readonly EstimatedModel[];
}

export interface CostEstimate extends CostEstimateSummary {
  readonly breakEvens: readonly BreakEven[];
  readonly claims: readonly ClaimComparison[];
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly string[];
}

/** Cost estimates of the principal's organisation: calculated once, stored with all they rest on, never changed. */
@Injectable()
export class CostEstimatesService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditService,
  ) {}

  /** @throws Problem `invalid-input` naming every field that cannot be estimated with */
  create(principal: Principal, input: CreateEstimateDto): Promise<CostEstimate> {
    const estimate = calculate(input, `${principal.kind} ${principal.id}`);
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const id = await insertEstimate(manager, principal, input.name ?? null, estimate);
      await this.audit.record(manager, organisationId, principal, {
        action: 'estimate.created',
        subjectKind: 'estimate',
        subjectId: id,
        detail: { overridden: (input.assumptions ?? []).map((override) => override.id) },
      });
      return this.selectEstimate(principal, id);
    });
  }

  /** Newest first. */
  list(principal: Principal, page: PageQuery): Promise<Page<CostEstimateSummary>> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const query = manager
        .createQueryBuilder(CostEstimateEntity, 'estimate')
        .where('estimate.organisationId = :organisationId', { organisationId });
      const { items, nextCursor } = await readPage(query, page);
      const models = await selectModels(
        manager,
        items.map((item) => item.id),
      );
      return { items: items.map((item) => ({ ...item, models: modelsOf(item.id, models) })), nextCursor };
    });
  }

  /** The estimate as it was answered when it was made. @throws Problem `not-found`, also for another organisation's */
  async selectEstimate(principal: Principal, id: string): Promise<CostEstimate> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const estimate = await manager.findOneBy(CostEstimateEntity, { organisationId, id });
      if (!estimate) throw notFound('estimate');
      return { ...estimate, models: modelsOf(estimate.id, await selectModels(manager, [id])) };
    });
  }
}

function calculate(input: CreateEstimateDto, overriddenBy: string): Estimate {
  try {
    const project = parseProject(input.project);
    return estimateProject(project, overrideAssumptions(DEFAULT_ASSUMPTIONS, input.assumptions ?? [], overriddenBy));
  } catch (error) {
    if (error instanceof EstimateInputError) throw new Problem('invalid-input', error.message, error.problems);
    throw error;
  }
}

async function insertEstimate(
  manager: EntityManager,
  principal: Principal,
  name: string | null,
  estimate: Estimate,
): Promise<string> {
  const { organisationId } = principal;
  const { project, assumptions, breakEvens, claims, warnings } = estimate;
  const inserted = await manager.insert(CostEstimateEntity, {
    ...{ organisationId, name, project, assumptions, breakEvens, claims, warnings },
    createdBy: principal.id,
  });
  const id = inserted.identifiers[0]?.id as string;
  await manager.insert(
    CostEstimateModelEntity,
    estimate.models.map(({ model, total, deliveryMonths, breakdown }) => ({
      ...{ costEstimateId: id, organisationId, model, breakdown },
      total: total.toFixed(2),
      currency: estimate.currency,
      deliveryMonths: deliveryMonths.toFixed(4),
    })),
  );
  return id;
}

function selectModels(manager: EntityManager, estimateIds: readonly string[]): Promise<CostEstimateModelEntity[]> {
  return manager.findBy(CostEstimateModelEntity, { costEstimateId: In([...estimateIds]) });
}

function modelsOf(estimateId: string, rows: readonly CostEstimateModelEntity[]): EstimatedModel[] {
  return rows
    .filter((row) => row.costEstimateId === estimateId)
    .sort((a, b) => HIRING_MODELS.indexOf(a.model) - HIRING_MODELS.indexOf(b.model))
    .map(({ model, total, currency, deliveryMonths, breakdown }) => ({
      ...{ model, currency, breakdown },
      total: Number(total),
      deliveryMonths: Number(deliveryMonths),
    }));
}
