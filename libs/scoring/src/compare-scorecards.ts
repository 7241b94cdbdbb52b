import type { AreaId, CriterionId, Level } from '@assay/contracts/rubric-ids';
import { Fraction } from './fraction';
import { type AreaScore, type CriterionScore, type Scorecard, weightedMean } from './score-report';

/** A score on both sides, 0 to 100; null is "not measured". */
export interface ScoreChange {
  readonly earlier: number | null;
  readonly later: number | null;
  /** `later - earlier`, to one decimal; null when one side was not measured. */
  readonly delta: number | null;
}

export interface AreaChange extends ScoreChange {
  readonly id: AreaId;
  readonly name: string;
  /**
   * What the area adds to the change of the composite, to one decimal. Over all areas these sum to `delta` of the composite exactly.
   * Null when the composite has no delta.
   */
  readonly contribution: number | null;
}

/** One side of a criterion's change. */
export interface CriterionSide {
  readonly level: Level | null;
  readonly score: number | null;
  readonly points: number;
  readonly maxPoints: number;
  /** Ids of the checks that the score rests on. */
  readonly evidence: readonly string[];
}

export interface CriterionChange {
  readonly id: CriterionId;
  readonly name: string;
  readonly earlier: CriterionSide;
  readonly later: CriterionSide;
  /** Null when one side was not measured. */
  readonly levelDelta: number | null;
  /** To one decimal; null when one side was not measured. */
  readonly scoreDelta: number | null;
}

/** What differs between two scorecards; null and empty lists for what does not. */
export interface ScorecardComparison {
  readonly composite: ScoreChange | null;
  readonly areas: readonly AreaChange[];
  readonly criteria: readonly CriterionChange[];
}

/** Compares two scorecards. Pure; lists are in the rubric's order, and two equal scorecards give nothing. */
export function compareScorecards(earlier: Scorecard, later: Scorecard): ScorecardComparison {
  const composite = scoreChange(earlier.composite, later.composite);
  const contributions = contributionsTo(composite.delta, earlier, later);
  return {
    composite: composite.earlier === composite.later ? null : composite,
    areas: later.areas.flatMap((area, index) => {
      const before = earlier.areas.find(({ id }) => id === area.id);
      const change = scoreChange(before?.score ?? null, area.score);
      const contribution = contributions?.[index] ?? null;
      return change.earlier === change.later && !contribution ? [] : [{ id: area.id, name: area.name, ...change, contribution }];
    }),
    criteria: criteriaOf(later).flatMap((criterion) => {
      const before = criteriaOf(earlier).find(({ id }) => id === criterion.id);
      return before ? compareCriterion(before, criterion) : [];
    }),
  };
}

function criteriaOf(scorecard: Scorecard): CriterionScore[] {
  return scorecard.areas.flatMap((area) => area.criteria);
}

function compareCriterion(earlier: CriterionScore, later: CriterionScore): CriterionChange[] {
  const sides = { earlier: sideOf(earlier), later: sideOf(later) };
  if (JSON.stringify(sides.earlier) === JSON.stringify(sides.later)) return [];
  return [
    {
      id: later.id,
      name: later.name,
      ...sides,
      levelDelta: earlier.level === null || later.level === null ? null : later.level - earlier.level,
      scoreDelta: deltaOf(earlier.score, later.score),
    },
  ];
}

function sideOf({ level, score, points, maxPoints, evidence }: CriterionScore): CriterionSide {
  return { level, score, points, maxPoints, evidence };
}

function scoreChange(earlier: number | null, later: number | null): ScoreChange {
  return { earlier, later, delta: deltaOf(earlier, later) };
}

function deltaOf(earlier: number | null, later: number | null): number | null {
  return earlier === null || later === null ? null : Number(Fraction.of(later).minus(Fraction.of(earlier)).toDecimal(1));
}

/** What each area adds to the composite's change, in the order of `later`, in tenths that sum to `delta` exactly. */
function contributionsTo(delta: number | null, earlier: Scorecard, later: Scorecard): number[] | null {
  if (delta === null) return null;
  const before = sharesOf(earlier);
  const exact = later.areas.map((area, index) =>
    (sharesOf(later)[index] ?? Fraction.ZERO).minus(before[earlier.areas.findIndex(({ id }) => id === area.id)] ?? Fraction.ZERO),
  );
  return apportion(exact, Number(Fraction.of(delta).times(Fraction.of(10)).toDecimal(0))).map((tenths) => tenths / 10);
}

/** What each area brings to the exact composite: its score times its weight, renormalised over what was measured. */
function sharesOf(scorecard: Scorecard): Fraction[] {
  const scores = scorecard.areas.map(exactScore);
  const measured = scorecard.areas.filter((_, index) => scores[index] !== null);
  const weights = measured.reduce((sum, area) => sum.plus(Fraction.of(area.weight)), Fraction.ZERO);
  return scorecard.areas.map((area, index) => {
    const score = scores[index];
    return score && !weights.isZero() ? score.times(Fraction.of(area.weight)).dividedBy(weights) : Fraction.ZERO;
  });
}

/** Scores on the card are rounded; points are not. */
function exactScore(area: AreaScore): Fraction | null {
  return weightedMean(
    area.criteria.map(({ weight, measured, points, maxPoints }) => ({
      weight,
      exact: measured ? Fraction.of(100).times(Fraction.of(points)).dividedBy(Fraction.of(maxPoints)) : null,
    })),
  );
}

/**
 * Rounds parts to tenths so that they sum to `total` tenths: each part to its nearest, what is then missing or too much where the
 * rounding was furthest off, the first of equals. A part of nothing stays nothing.
 */
function apportion(parts: readonly Fraction[], total: number): number[] {
  const tenths = parts.map((part) => part.times(Fraction.of(10)));
  const rounded = tenths.map((part) => Number(part.toDecimal(0)));
  const movable = tenths.flatMap((part, index) => (part.isZero() ? [] : [index]));
  for (let missing = total - sum(rounded); missing !== 0 && movable.length > 0; missing = total - sum(rounded)) {
    const step = Math.sign(missing);
    const lacking = (index: number) =>
      (tenths[index] ?? Fraction.ZERO).minus(Fraction.of(rounded[index] ?? 0)).times(Fraction.of(step));
    const next = movable.reduce((best, index) => (lacking(index).isAbove(lacking(best)) ? index : best));
    rounded[next] = (rounded[next] ?? 0) + step;
  }
  return rounded;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
