import { type Calibration, calibrate, FEWEST_OUTCOMES_FOR_BANDS } from '@assay/cost-model/calibration';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { FEWEST_RECORDS } from '@assay/cost-model/own-record';
import { type ClaimAgainstRecord, claimsAgainstRecord } from '@assay/cost-model/own-record-claims';
import { FEWEST_SEAT_YEARS, type Proposals, proposeAssumptions } from '@assay/cost-model/own-record-proposals';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import type { CostActualEntity } from './cost-actual.entity';
import { CostActualsService } from './cost-actuals.service';
import type { Foretold } from './foretold';
import { costOutcome, deliveryOutcome, isHindsight, ownRecordOf } from './outcomes';

export interface EstimateCalibration extends Proposals {
  readonly outcomes: number;
  /** Estimates that were made after their delivery. They are counted, and named because they foretold nothing. */
  readonly hindsight: readonly string[];
  /** Estimates of one family (scenarios, re-runs) that have an actual each: perhaps one hire that counts more than once. */
  readonly sameProject: readonly (readonly string[])[];
  readonly cost: readonly Calibration[];
  readonly delivery: readonly Calibration[];
  readonly rules: {
    readonly fewestOutcomesForBands: number;
    readonly fewestRecords: number;
    readonly fewestSeatYears: number;
  };
  readonly claims: readonly ClaimAgainstRecord[];
}

export interface MadeWith {
  readonly assumptionSetId: string;
  readonly version?: number;
}

/** How good the organisation's estimates were, and what its own outcomes say in place of published figures. */
@Injectable()
export class EstimateCalibrationService {
  constructor(private readonly actuals: CostActualsService) {}

  /** @param madeWith holds only estimates of this set, or of this version of it, against their outcomes; proposals and claims rest on all */
  async calibration(principal: Principal, madeWith: MadeWith | null): Promise<EstimateCalibration> {
    const counting = await this.actuals.selectCounting(principal);
    const records = counting.map(ownRecordOf);
    const held = counting.filter(({ foretold }) => madeWith === null || isMadeWith(foretold, madeWith));
    return {
      outcomes: held.length,
      hindsight: held.filter(isHindsight).map(({ costEstimateId }) => costEstimateId),
      sameProject: familiesOf(held),
      cost: calibrate(held.map(costOutcome)),
      delivery: calibrate(held.map(deliveryOutcome)),
      rules: {
        fewestOutcomesForBands: FEWEST_OUTCOMES_FOR_BANDS,
        fewestRecords: FEWEST_RECORDS,
        fewestSeatYears: FEWEST_SEAT_YEARS,
      },
      ...proposeAssumptions(records),
      claims: claimsAgainstRecord(records, DEFAULT_ASSUMPTIONS),
    };
  }
}

function familiesOf(held: readonly CostActualEntity[]): string[][] {
  const families = new Map<string, string[]>();
  for (const { costEstimateId, foretold } of held) {
    families.set(foretold.rootId, [...(families.get(foretold.rootId) ?? []), costEstimateId]);
  }
  return [...families.values()].filter((family) => family.length > 1);
}

function isMadeWith({ assumptionSet }: Foretold, { assumptionSetId, version }: MadeWith): boolean {
  return assumptionSet?.id === assumptionSetId && (version === undefined || assumptionSet.version === version);
}
