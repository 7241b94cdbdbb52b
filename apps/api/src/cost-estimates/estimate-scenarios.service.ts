import { decimalsOf } from '@assay/cost-model/currency';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { toDecimals } from '@assay/cost-model/money';
import { Injectable } from '@nestjs/common';
import { changeAuthorOf } from '../assumption-sets/change-author';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { refusing } from '../http/input-error';
import type { PageQuery } from '../http/pagination';
import { invalidField, Problem } from '../http/problem';
import type { CostEstimate, CostEstimateSummary } from './cost-estimate';
import { CostEstimatesService, type WriteEstimate } from './cost-estimates.service';
import { EstimateBasis } from './estimate-basis';
import { withModels } from './estimate-rows';
import type { CreateScenarioDto } from './estimate-scenarios.dto';
import { readDescendants, selectRootId } from './estimate-scenarios.queries';
import { changedRequest } from './estimate-scenarios.request';
import { readEstimateRequest } from './read-estimate-request';
import type { SimulationListener } from './simulation-threads';

/** What one model of an estimate comes to less what it does in the family's base. */
export interface ModelChange {
  readonly model: string;
  readonly total: number;
  readonly deliveryMonths: number;
}

export interface FamilyMember extends CostEstimateSummary {
  /** Null when its amounts are in another currency than the base's. */
  readonly changes: readonly ModelChange[] | null;
}

export interface Family {
  readonly base: CostEstimateSummary;
  readonly items: readonly FamilyMember[];
  readonly nextCursor: string | null;
}

/** What-ifs: estimates that are made from another one by changing some of what it was made from. */
@Injectable()
export class EstimateScenariosService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly estimates: CostEstimatesService,
    private readonly basis: EstimateBasis,
  ) {}

  /**
   * Simulates the scenario: the estimate's own input with the changes, its assumptions, rate and seed included, so that nothing but the
   * changes makes a difference.
   *
   * @throws Problem `not-found`; `conflict` for a base that is archived or from before simulation; `invalid-input` naming each field
   */
  async create(
    principal: Principal,
    baseId: string,
    { name, currency, ...changes }: CreateScenarioDto,
    listener?: SimulationListener,
  ): Promise<WriteEstimate> {
    const base = await this.estimates.selectEstimate(principal, baseId);
    const before = inputOf(base);
    const author = changeAuthorOf(principal);
    const read = refusing(() => readEstimateRequest(changedRequest(before, changes), before.assumptions, author));
    const exchangeRate = currency === undefined ? before.exchangeRate : await this.basis.resolveRate(principal, currency);
    const input: EstimateInput = { ...read, exchangeRate };
    if (JSON.stringify(input) === JSON.stringify(before)) {
      throw invalidField(before.need ? 'need' : 'project', 'nothing of the estimate changes: give what is different.');
    }
    return this.estimates.make(
      principal,
      input,
      {
        ...{ name, basedOn: { id: baseId, kind: 'scenario' }, assumptionSet: base.assumptionSet },
        overridden: (changes.assumptions ?? []).map(({ id }) => id),
      },
      listener,
    );
  }

  /** Id of the estimate that this one comes from in the end: its own when it was made from none. */
  readRootId(principal: Principal, id: string): Promise<string> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, (manager) => selectRootId(manager, organisationId, id));
  }

  /** The base that this estimate comes from in the end, and a page of all that were made from it. @throws Problem `not-found` */
  readFamily(principal: Principal, id: string, page: PageQuery): Promise<Family> {
    const { organisationId } = principal;
    return this.database.inOrganisation(organisationId, async (manager) => {
      const rootId = await selectRootId(manager, organisationId, id);
      const base = await this.estimates.selectEstimate(principal, rootId);
      const { items, nextCursor } = await readDescendants(manager, organisationId, rootId, page);
      const members = await withModels(manager, items);
      return { base, items: members.map((member) => ({ ...member, changes: changesAgainst(base, member) })), nextCursor };
    });
  }
}

function inputOf({ input, archivedAt }: CostEstimate): EstimateInput {
  if (archivedAt) throw new Problem('conflict', 'The estimate is archived. Restore it first.');
  if (!input)
    throw new Problem('conflict', 'The estimate is from before estimates were simulated. Run it again first, then change that.');
  return input;
}

function changesAgainst(base: CostEstimateSummary, { currency, models }: CostEstimateSummary): ModelChange[] | null {
  if (currency !== base.currency) return null;
  return models.flatMap(({ model, total, deliveryMonths }) => {
    const before = base.models.find((each) => each.model === model);
    if (!before) return [];
    return [
      {
        model,
        total: toDecimals(total - before.total, decimalsOf(currency)),
        deliveryMonths: toDecimals(deliveryMonths - before.deliveryMonths, 4),
      },
    ];
  });
}
