import type { Assumption } from '@assay/cost-model/assumption';
import { DOLLAR, type ExchangeRate } from '@assay/cost-model/currency';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { Problem } from '../http/problem';
import type { UsedAssumptionSet } from './cost-estimate';

export interface ResolvedAssumptions {
  readonly assumptions: readonly Assumption[];
  /** Null for the model's defaults. */
  readonly assumptionSet: UsedAssumptionSet | null;
}

/** What an estimate rests on beside its own figures: assumptions and the worth of a dollar. */
@Injectable()
export class EstimateBasis {
  /** @param wanted a set, and a version of it or its newest; null for the model's defaults. @throws Problem `invalid-input` naming the field */
  async resolveAssumptions(_principal: Principal, wanted: { id: string; version?: number } | null): Promise<ResolvedAssumptions> {
    if (wanted === null) return { assumptions: DEFAULT_ASSUMPTIONS, assumptionSet: null };
    throw refused('assumptionSet.id', 'there is no such set of assumptions.');
  }

  /** @throws Problem `invalid-input` naming `currency` when no rate is stored */
  async resolveRate(_principal: Principal, currency: string): Promise<ExchangeRate> {
    if (currency === DOLLAR.currency) return DOLLAR;
    throw refused('currency', `there is no exchange rate of ${currency}.`);
  }
}

function refused(path: string, message: string): Problem {
  return new Problem('invalid-input', `${path}: ${message}`, [{ path, message }]);
}
