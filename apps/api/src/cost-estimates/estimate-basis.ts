import type { Assumption } from '@assay/cost-model/assumption';
import type { ExchangeRate } from '@assay/cost-model/currency';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { Injectable } from '@nestjs/common';
import { AssumptionSetsService } from '../assumption-sets/assumption-sets.service';
import type { Principal } from '../auth/principal';
import { ExchangeRatesService } from '../exchange-rates/exchange-rates.service';
import type { UsedAssumptionSet } from './cost-estimate';

export interface ResolvedAssumptions {
  /** All of the model. */
  readonly assumptions: readonly Assumption[];
  /** Null for the model's defaults. */
  readonly assumptionSet: UsedAssumptionSet | null;
}

/** What an estimate rests on beside its own figures: assumptions, and what a dollar is worth. */
@Injectable()
export class EstimateBasis {
  constructor(
    private readonly sets: AssumptionSetsService,
    private readonly rates: ExchangeRatesService,
  ) {}

  /**
   * @param wanted a set, and a version of it or its newest; null for the model's defaults
   * @throws Problem `invalid-input` naming `assumptionSet.id` or `assumptionSet.version`
   */
  async resolveAssumptions(principal: Principal, wanted: { id: string; version?: number } | null): Promise<ResolvedAssumptions> {
    if (wanted === null) return { assumptions: DEFAULT_ASSUMPTIONS, assumptionSet: null };
    const { id, version, name, assumptions } = await this.sets.selectForEstimate(principal, wanted);
    return { assumptions, assumptionSet: { id, version, name } };
  }

  /** @throws Problem `invalid-input` naming `currency` for what is no currency, or one without a rate */
  resolveRate(principal: Principal, currency: string): Promise<ExchangeRate> {
    return this.rates.selectForEstimate(principal, currency);
  }
}
