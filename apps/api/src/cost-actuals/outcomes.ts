import type { Outcome } from '@assay/cost-model/calibration';
import { positionOf } from '@assay/cost-model/calibration-position';
import { decimalsOf } from '@assay/cost-model/currency';
import { toDecimals } from '@assay/cost-model/money';
import type { OwnRecord } from '@assay/cost-model/own-record';
import type { CostActualEntity } from './cost-actual.entity';
import type { ForetoldFigure } from './foretold';

/** What was foretold beside what happened, in one unit. */
export interface Compared {
  readonly estimated: number;
  readonly actual: number;
  /** actual / estimated - 1; null when nothing was expected. */
  readonly error: number | null;
  /** Null for an estimate that was made without a simulation. */
  readonly band: { readonly p10: number; readonly p90: number } | null;
  /** Share of the simulation's draws below the actual; null as `band`. */
  readonly position: number | null;
}

/** The cost in the currency of the estimate. */
export function compareCost(row: CostActualEntity): Compared {
  return compare(row.foretold.cost, costInEstimatesCurrency(row));
}

/** Months. */
export function compareDelivery(row: CostActualEntity): Compared {
  return compare(row.foretold.delivery, Number(row.deliveryMonths));
}

function compare({ estimated, distribution }: ForetoldFigure, actual: number): Compared {
  return {
    ...{ estimated, actual },
    error: estimated > 0 ? actual / estimated - 1 : null,
    band: distribution && { p10: distribution.p10, p90: distribution.p90 },
    position: distribution && positionOf(actual, distribution),
  };
}

export function costOutcome(row: CostActualEntity): Outcome {
  return { estimateId: row.costEstimateId, model: row.model, ...row.foretold.cost, actual: costInEstimatesCurrency(row) };
}

export function deliveryOutcome(row: CostActualEntity): Outcome {
  return { estimateId: row.costEstimateId, model: row.model, ...row.foretold.delivery, actual: Number(row.deliveryMonths) };
}

/** Whether the estimate was made when the outcome was known: it then foretold nothing. */
export function isHindsight({ deliveredOn, foretold }: CostActualEntity): boolean {
  return deliveredOn !== null && foretold.madeOn > deliveredOn;
}

/** Amounts in dollars by the rate that was stored with the record. */
export function ownRecordOf(row: CostActualEntity): OwnRecord {
  const { seats, startsTogether, hours, expectedHours, hourlyLoad } = row.foretold;
  const dollars = (amount: string) => Number(amount) / Number(row.perDollar);
  return {
    ...{ estimateId: row.costEstimateId, model: row.model, seats, startsTogether, hours, expectedHours, hourlyLoad },
    cost: dollars(row.cost),
    deliveryMonths: Number(row.deliveryMonths),
    monthsToStart: row.monthsToStart === null ? null : Number(row.monthsToStart),
    workedHours: row.workedHours === null ? null : Number(row.workedHours),
    hourlyRate: row.hourlyRate === null ? null : dollars(row.hourlyRate),
    annualSalary: row.annualSalary === null ? null : dollars(row.annualSalary),
    exits: row.exits,
    day: row.deliveredOn ?? row.recordedAt.toISOString().slice(0, 10),
    isDayOfDelivery: row.deliveredOn !== null,
  };
}

function costInEstimatesCurrency({ cost, currency, perDollar, foretold }: CostActualEntity): number {
  if (currency === foretold.currency) return Number(cost);
  return toDecimals((Number(cost) / Number(perDollar)) * foretold.perDollar, decimalsOf(foretold.currency));
}
