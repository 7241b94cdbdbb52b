import type { ExchangeRate } from '../currency';
import type { EstimateInput } from '../estimate-input';
import type { HiringModel } from '../project';
import type { InWords } from './in-words';

/** An estimate as it was made; `told` null where only its input is known. */
export interface ComparedEstimate {
  readonly input: EstimateInput;
  readonly told: ToldEstimate | null;
}

/** What was told of an estimate when it was made. */
export interface ToldEstimate {
  readonly exchangeRate: ExchangeRate;
  readonly models: readonly ToldModel[];
}

export interface ToldModel {
  readonly model: HiringModel;
  /** In the currency of the rate. */
  readonly total: number;
  readonly deliveryMonths: number;
  /** Null for an estimate that was never simulated. */
  readonly costBand: Percentiles | null;
  readonly deliveryBand: Percentiles | null;
}

export interface EstimateDifference {
  /** Of all amounts here: the currency of both estimates, or USD when they have two. */
  readonly currency: string;
  /** What a reader must know of how the two were compared. */
  readonly notes: readonly string[];
  /** Every input that differs, with what it does. */
  readonly inputs: readonly ChangedInput[];
  /** The models that both estimates have. */
  readonly models: readonly ModelDifference[];
  readonly modelsOnlyBefore: readonly HiringModel[];
  readonly modelsOnlyAfter: readonly HiringModel[];
}

export interface ChangedInput extends InWords {
  /** `project.hours`, the id of an assumption, or `exchange_rate`. */
  readonly inputId: string;
  /** All inputs that count as this one because they make sense only together; mostly this one alone. */
  readonly together: readonly string[];
  /** `amounts`: the total or the delivery of some model; `range`: only P10 to P90; `words`: no figure, only what is said beside them. */
  readonly effect: 'amounts' | 'range' | 'words';
}

export interface ModelDifference {
  readonly model: HiringModel;
  /** Totals, and what they differ by, exact in the currency's smallest unit. */
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** Months until delivery, to four decimals. */
  readonly delivery: { readonly before: number; readonly after: number; readonly change: number };
  /** Largest first; their `change` sums to `change` and their `deliveryMonths` to `delivery.change`, exactly. */
  readonly causes: readonly DifferenceCause[];
  /** What the simulations said; null where one of them is missing. */
  readonly ranges: { readonly before: Ranges; readonly after: Ranges } | null;
  /** Orders of changing the inputs that were sampled; null when all of them were counted. */
  readonly sampledOrders: number | null;
  /** Of the shares of the total, from sampling; the largest one, and 0 when all orders were counted. */
  readonly standardError: number;
}

export interface DifferenceCause extends InWords {
  readonly inputId: string;
  /** By how much this input moved the total. */
  readonly change: number;
  /** By how much it moved the delivery. */
  readonly deliveryMonths: number;
}

export interface Ranges {
  readonly cost: Percentiles;
  readonly delivery: Percentiles;
}

export interface Percentiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}
