import { DOLLAR } from '@assay/cost-model/currency';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import type { ComparedEstimate, EstimateDifference } from '@assay/cost-model/explain-difference/estimate-difference';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { TenantDatabase } from '../database/tenant-database';
import { invalidField, Problem } from '../http/problem';
import type { CostEstimate } from './cost-estimate';
import { CostEstimatesService } from './cost-estimates.service';
import { SimulationThreads } from './simulation-threads';

/** Explains what two estimates of the principal's organisation differ by; archived ones too. */
@Injectable()
export class EstimateComparisonService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly estimates: CostEstimatesService,
    private readonly threads: SimulationThreads,
  ) {}

  /**
   * In a thread: when many inputs changed, the model is evaluated thousands of times.
   *
   * @param otherId the estimate after
   * @throws Problem `not-found` for the first, also another organisation's; `invalid-input` naming `with` for the other one, and when the
   *   two have no hiring model in common; `unavailable` when it cannot be calculated now
   */
  async compare(principal: Principal, id: string, otherId: string): Promise<EstimateDifference> {
    const [before, after] = await this.database.inOrganisation(principal.organisationId, async () => {
      const first = await this.estimates.selectEstimate(principal, id);
      return [first, await this.selectOther(principal, otherId)];
    });
    if (!before.project.models.some((model) => after.project.models.includes(model))) {
      throw invalidField('with', 'has no hiring model in common with the first one.');
    }
    const owner = principal.organisationId;
    return this.threads.explain(asCompared(before, after.input), asCompared(after, before.input), { owner });
  }

  private async selectOther(principal: Principal, id: string): Promise<CostEstimate> {
    try {
      return await this.estimates.selectEstimate(principal, id);
    } catch (error) {
      if (error instanceof Problem && error.code === 'not-found')
        throw invalidField('with', 'is no estimate of this organisation.');
      throw error;
    }
  }
}

/**
 * An estimate with what was told of it. One from before simulation has neither situation nor draws: nothing of these is said to have changed.
 */
function asCompared(
  { input, project, assumptions, models, report }: CostEstimate,
  other: EstimateInput | null,
): ComparedEstimate {
  const told = { exchangeRate: report?.exchangeRate ?? DOLLAR, models };
  if (input) return { input, told };
  const { situation, frameworkNeed, simulation } = other ?? NOTHING_SAID;
  return {
    input: { need: null, project, situation, frameworkNeed, assumptions, exchangeRate: DOLLAR, simulation },
    told,
  };
}

const NOTHING_SAID: Pick<EstimateInput, 'situation' | 'frameworkNeed' | 'simulation'> = {
  situation: { isWellDefined: false, isCoreProduct: false, keepsArchitect: false, startWithinMonths: null },
  frameworkNeed: null,
  simulation: { draws: 0, seed: 0 },
};
