import { type Calibration, calibrate, FEWEST_OUTCOMES_FOR_BANDS } from '@assay/cost-model/calibration';
import { DEFAULT_ASSUMPTIONS } from '@assay/cost-model/default-assumptions';
import { FEWEST_RECORDS } from '@assay/cost-model/own-record';
import { type ClaimAgainstRecord, claimsAgainstRecord } from '@assay/cost-model/own-record-claims';
import { FEWEST_SEAT_YEARS, type Proposals, proposeAssumptions } from '@assay/cost-model/own-record-proposals';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { CostActualsService } from './cost-actuals.service';
import { costOutcome, deliveryOutcome, ownRecordOf } from './outcomes';

export interface EstimateCalibration extends Proposals {
  readonly outcomes: number;
  readonly cost: readonly Calibration[];
  readonly delivery: readonly Calibration[];
  readonly rules: {
    readonly fewestOutcomesForBands: number;
    readonly fewestRecords: number;
    readonly fewestSeatYears: number;
  };
  readonly claims: readonly ClaimAgainstRecord[];
}

/** How good the organisation's estimates were, and what its own outcomes say in place of published figures. */
@Injectable()
export class EstimateCalibrationService {
  constructor(private readonly actuals: CostActualsService) {}

  async calibration(principal: Principal): Promise<EstimateCalibration> {
    const counting = await this.actuals.selectCounting(principal);
    const records = counting.map(ownRecordOf);
    return {
      outcomes: counting.length,
      cost: calibrate(counting.map(costOutcome)),
      delivery: calibrate(counting.map(deliveryOutcome)),
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
