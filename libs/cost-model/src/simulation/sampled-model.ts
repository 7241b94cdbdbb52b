import type { ModelParameters } from '../formulas';
import { monthsFor, type Stage, suppliedUntil } from '../ramp-in';
import { poissonQuantile } from './distributions';
import type { RandomBlocks } from './random';
import { CHUNK, type SampledInput } from './sampled-input';
import type { Driver } from './uncertain-inputs';

/**
 * One hiring model's draws; the same formulas in the same order as `evaluateModel`, without an object for every draw, so that certain
 * inputs give the point estimate to the last digit.
 */
export class SampledModel {
  /** USD */
  readonly cost: Float64Array;
  /** Months */
  readonly delivery: Float64Array;
  /** Of each draw of a chunk, where in the distribution of its exits it lies. */
  private readonly exitShares = new Float64Array(CHUNK);

  constructor(
    readonly parameters: ModelParameters,
    private readonly drivers: readonly Driver[],
    /** Null takes exits at their expectation. */
    private readonly exits: RandomBlocks | null,
    draws: number,
  ) {
    this.cost = new Float64Array(draws);
    this.delivery = new Float64Array(draws);
  }

  /**
   * Fills the draws from `begin` to `begin + count`.
   *
   * @param hours engineer-hours as planned
   * @param effort what multiplies them in each draw, null when certain
   */
  evaluate(begin: number, count: number, hours: number, effort: Float64Array | null, sampled: readonly SampledInput[]): void {
    const { stages } = this.parameters;
    this.exits?.(this.exitShares, count);
    if (stages === null) this.evaluateTogether(begin, count, hours, effort, this.follow(sampled));
    else this.evaluateStages(begin, count, hours, effort, this.follow(sampled), stages);
  }

  private evaluateTogether(begin: number, count: number, hours: number, effort: Float64Array | null, f: Followed): void {
    const p = this.parameters;
    const { seats, capacity, hoursPerMonth, workFactor } = p;
    for (let index = 0; index < count; index += 1) {
      const H = effort === null ? hours : hours * (effort[index] as number);
      const T = at(f.monthsToStart, index);
      const l = (at(f.rampMonths, index) * hoursPerMonth * (1 - at(f.dayOneProductivity, index))) / 2;
      const w = at(f.rework, index);
      const D0 = (H * (1 + w)) / (capacity * hoursPerMonth);
      const expected = (seats * at(f.annualExits, index) * D0) / 12;
      const X = this.exits === null ? expected : poissonQuantile(this.exitShares[index] as number, expected);
      const W = workFactor * (H * (1 + w) + (seats + X) * l);
      const Dw = W / (capacity * hoursPerMonth);
      const c = at(f.engineerCost, index);
      const labour = W * (p.architectCost === null ? c : (seats * c + p.architectCost) / capacity);
      this.cost[begin + index] = costOf(f, index, labour, W, seats, X, T);
      this.delivery[begin + index] = T + Dw + (X * T) / capacity;
    }
  }

  private evaluateStages(
    begin: number,
    count: number,
    hours: number,
    effort: Float64Array | null,
    f: Followed,
    stages: readonly Stage[],
  ): void {
    const { seats, hoursPerMonth, workFactor, architectCost } = this.parameters;
    for (let index = 0; index < count; index += 1) {
      const H = effort === null ? hours : hours * (effort[index] as number);
      const T = at(f.monthsToStart, index);
      const l = (at(f.rampMonths, index) * hoursPerMonth * (1 - at(f.dayOneProductivity, index))) / 2;
      const needed = H * (1 + at(f.rework, index));
      const D0 = monthsFor(stages, needed / hoursPerMonth);
      const expected = (at(f.annualExits, index) * suppliedUntil(stages, D0)) / 12;
      const X = this.exits === null ? expected : poissonQuantile(this.exitShares[index] as number, expected);
      const W = workFactor * (needed + (seats + X) * l);
      const c = at(f.engineerCost, index);
      const labour = architectCost === null ? W * c : hybridLabour(stages, W / hoursPerMonth, c, architectCost, hoursPerMonth);
      this.cost[begin + index] = costOf(f, index, labour, W, seats, X, T);
      this.delivery[begin + index] = T + monthsFor(stages, W / hoursPerMonth + X * T);
    }
  }

  private follow(sampled: readonly SampledInput[]): Followed {
    const figure = (field: Driver['field']): Figure => {
      const driver = this.drivers.find((each) => each.field === field);
      const values = driver && sampled.find(({ input }) => input.id === driver.inputId)?.values;
      if (!driver || !values) return { intercept: this.parameters[field], slope: 0, values: null };
      return { intercept: driver.intercept, slope: driver.slope, values };
    };
    return {
      monthsToStart: figure('monthsToStart'),
      rampMonths: figure('rampMonths'),
      dayOneProductivity: figure('dayOneProductivity'),
      rework: figure('rework'),
      annualExits: figure('annualExits'),
      management: figure('management'),
      managerCost: figure('managerCost'),
      engineerCost: figure('engineerCost'),
      recruiting: figure('recruiting'),
      vacancyCost: figure('vacancyCost'),
      toleratedDelay: figure('toleratedDelay'),
      equipment: figure('equipment'),
      bench: figure('bench'),
      severance: figure('severance'),
    };
  }
}

/** A figure that follows an input: intercept + slope value; or is certain: the intercept alone. */
interface Figure {
  readonly intercept: number;
  readonly slope: number;
  readonly values: Float64Array | null;
}

type Followed = Readonly<Record<Driver['field'], Figure>>;

function at({ intercept, slope, values }: Figure, index: number): number {
  return values === null ? intercept : intercept + slope * (values[index] as number);
}

function hybridLabour(stages: readonly Stage[], seatMonths: number, c: number, architect: number, hoursPerMonth: number): number {
  const Dw = monthsFor(stages, seatMonths);
  return hoursPerMonth * (c * suppliedUntil(stages, Dw) + architect * Dw);
}

/** The total of a draw, its lines added in the order of `BREAKDOWN_LINES`. */
function costOf(f: Followed, index: number, labour: number, W: number, seats: number, X: number, T: number): number {
  const managing = W * (at(f.management, index) * at(f.managerCost, index));
  const hiring = (seats + X) * at(f.recruiting, index);
  const vacant = (seats + X) * (at(f.vacancyCost, index) * Math.max(0, T - at(f.toleratedDelay, index)));
  return labour + managing + hiring + vacant + seats * at(f.equipment, index) + at(f.bench, index) + at(f.severance, index);
}
