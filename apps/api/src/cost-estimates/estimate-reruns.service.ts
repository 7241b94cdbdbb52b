import type { Assumption } from '@assay/cost-model/assumption';
import { withProvenance } from '@assay/cost-model/assumption-provenance';
import { sameFigure, statedFigure } from '@assay/cost-model/assumption-set';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import type { EstimateInput } from '@assay/cost-model/estimate-input';
import { Injectable } from '@nestjs/common';
import { AssumptionSetVersionsService } from '../assumption-sets/assumption-set-versions.service';
import type { Principal } from '../auth/principal';
import { refusing } from '../http/input-error';
import { Problem } from '../http/problem';
import type { CostEstimate } from './cost-estimate';
import { CostEstimatesService, type WriteEstimate } from './cost-estimates.service';
import { EstimateBasis } from './estimate-basis';
import type { CreateRerunDto } from './estimate-reruns.dto';
import { sameRequest, withFigures } from './estimate-scenarios.request';
import { type EstimateRequest, readEstimateRequest } from './read-estimate-request';
import type { SimulationListener } from './simulation-threads';

/** Estimates of what another one was made for, with the assumptions and the exchange rate of a later day. */
@Injectable()
export class EstimateRerunsService {
  constructor(
    private readonly estimates: CostEstimatesService,
    private readonly basis: EstimateBasis,
    private readonly versions: AssumptionSetVersionsService,
  ) {}

  /**
   * Simulates the estimate again: the same need or project, models, draws and seed, on the assumptions that are asked for and the newest
   * rate of its currency. A team's hours are counted anew. The estimate's own figures stay on top unless the request says otherwise.
   *
   * @throws Problem `not-found`; `conflict` for one that is archived; `invalid-input` naming `assumptionSet.id` (also when its own set is
   *   archived), `assumptionSet.version`, or `currency` without a rate
   */
  async create(
    principal: Principal,
    baseId: string,
    { assumptionSet: wanted, keepOwnFigures = true, name }: CreateRerunDto,
    listener?: SimulationListener,
  ): Promise<WriteEstimate> {
    const base = await this.estimates.selectEstimate(principal, baseId);
    if (base.archivedAt) throw new Problem('conflict', 'The estimate is archived. Restore it first.');
    const newest = base.assumptionSet && { id: base.assumptionSet.id };
    const { assumptions, assumptionSet } = await this.basis.resolveAssumptions(principal, wanted === undefined ? newest : wanted);
    const own = keepOwnFigures ? await this.ownFigures(principal, base) : [];
    const exchangeRate = await this.basis.resolveRate(principal, base.currency);
    return this.estimates.make(
      principal,
      { ...readAgain(base, withFigures(assumptions, own)), exchangeRate },
      {
        ...{ name: name === undefined ? base.name : name, basedOn: { id: baseId, kind: 'rerun' }, assumptionSet },
        overridden: own.map(({ id }) => id),
      },
      listener,
    );
  }

  /** What a person replaced for this estimate, or for the one it comes from, and not in its assumption set. */
  private async ownFigures(
    principal: Principal,
    { input, assumptions, assumptionSet, createdAt }: CostEstimate,
  ): Promise<Assumption[]> {
    const replaced = (input?.assumptions ?? assumptions).filter(({ overriddenBy }) => overriddenBy !== null);
    if (input === null) return replaced.map((figure) => asOwn(figure, createdAt));
    if (assumptionSet === null) return replaced;
    const { figures } = await this.versions.select(principal, assumptionSet.id, assumptionSet.version);
    const ofSet = new Map(figures.map(({ assumption }) => [assumption.id, assumption]));
    return replaced.filter((assumption) => !isSame(assumption, ofSet.get(assumption.id)));
  }
}

/** Before estimates were simulated, own amounts were told with the words and the source of those that they replaced. */
function asOwn(figure: Assumption, givenAt: Date): Assumption {
  const published = DEFAULT_ASSUMPTIONS.find(({ id }) => id === figure.id);
  return published ? withProvenance(published, figure, givenAt.toISOString().slice(0, 10)) : figure;
}

function isSame(one: Assumption, other: Assumption | undefined): boolean {
  return (
    other !== undefined &&
    sameFigure(statedFigure(one), statedFigure(other)) &&
    one.overriddenBy === other.overriddenBy &&
    one.overrideReason === other.overrideReason
  );
}

function readAgain({ input, project }: CostEstimate, assumptions: readonly Assumption[]): Omit<EstimateInput, 'exchangeRate'> {
  // Nothing but the project is known of an estimate from before simulation.
  const request: EstimateRequest = input ? sameRequest(input) : { project };
  // All figures are there already, with those who replaced them and why.
  return refusing(() => readEstimateRequest(request, assumptions, { by: '', day: '' }));
}
