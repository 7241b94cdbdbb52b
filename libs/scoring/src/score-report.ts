import type { CheckResult, GradingReport } from '@assay/contracts/grading-report';
import type { AreaId, CriterionId, Level } from '@assay/contracts/rubric-ids';
import { Fraction } from './fraction';
import { assertRubric, type Rubric, type RubricArea, type RubricCriterion } from './rubric';

/** Scores run from 0 to 100, rounded to one decimal, halves up. `null` means "not measured", which is never 0. */
export interface Scorecard {
  /** Weighted mean of the measured areas; null when the task measures none. */
  readonly composite: number | null;
  readonly rubricVersion: string;
  readonly areas: readonly AreaScore[];
}

export interface AreaScore {
  readonly id: AreaId;
  readonly name: string;
  /** The rubric's weight, before it is renormalised over the measured areas. */
  readonly weight: number;
  readonly measured: boolean;
  readonly score: number | null;
  readonly criteria: readonly CriterionScore[];
}

export interface CriterionScore {
  readonly id: CriterionId;
  readonly name: string;
  /** The rubric's weight inside the area, before it is renormalised over the measured criteria. */
  readonly weight: number;
  readonly measured: boolean;
  /** Highest level whose checks, and all checks below it, passed; 0 when there is none; null when not measured. */
  readonly level: Level | null;
  /** Highest level that the task has a check for; `level` cannot be above it. */
  readonly measuredUpTo: Level | null;
  /** The rubric's text for `level`. */
  readonly levelText: string | null;
  readonly points: number;
  readonly maxPoints: number;
  readonly score: number | null;
  /** Ids of the checks that the score rests on, by level and then by id. */
  readonly evidence: readonly string[];
}

/** A report that has no scorecard, or that does not fit the rubric. */
export class ScoringError extends Error {
  override readonly name = 'ScoringError';
}

/**
 * Turns the evidence of one graded run into a scorecard. Pure: the same report and rubric always give the same scorecard, whatever
 * the order of the checks.
 *
 * - criterion score = 100 x points of its passed checks / points of all its checks (failed, errored and skipped ones earn nothing);
 * - area score = weighted mean of its measured criteria, composite = weighted mean of the measured areas, weights renormalised over
 *   what was measured. Means are taken of exact scores; rounding happens once, on the way out.
 *
 * @throws ScoringError when the run is not `graded`, two checks share an id, or a check names a criterion that the rubric lacks
 * @throws RubricError when the rubric is incomplete or its weights do not sum to 1
 */
export function scoreReport(report: GradingReport, rubric: Rubric): Scorecard {
  if (report.outcome !== 'graded') {
    throw new ScoringError(`Only a graded run has a scorecard; this one ended as "${report.outcome}".`);
  }
  assertRubric(rubric);
  refuseUnusableChecks(report.checks, rubric);
  const areas = rubric.areas.map((area) => scoreArea(area, report.checks));
  return {
    composite: rounded(weightedMean(areas.map(({ card, exact }) => ({ weight: card.weight, exact })))),
    rubricVersion: rubric.version,
    areas: areas.map(({ card }) => card),
  };
}

function scoreArea(area: RubricArea, checks: readonly CheckResult[]): { card: AreaScore; exact: Fraction | null } {
  const criteria = area.criteria.map((criterion) =>
    scoreCriterion(
      criterion,
      checks.filter((check) => check.criterion === criterion.id),
    ),
  );
  const exact = weightedMean(criteria.map(({ card, exact }) => ({ weight: card.weight, exact })));
  return {
    card: {
      id: area.id,
      name: area.name,
      weight: area.weight,
      measured: exact !== null,
      score: rounded(exact),
      criteria: criteria.map(({ card }) => card),
    },
    exact,
  };
}

function scoreCriterion(
  criterion: RubricCriterion,
  checks: readonly CheckResult[],
): { card: CriterionScore; exact: Fraction | null } {
  const measured = checks.length > 0;
  const points = sumOfPoints(checks.filter((check) => check.status === 'passed'));
  const maxPoints = sumOfPoints(checks);
  const exact = measured ? Fraction.of(100).times(points).dividedBy(maxPoints) : null;
  const level = measured ? reachedLevel(checks) : null;
  return {
    card: {
      id: criterion.id,
      name: criterion.name,
      weight: criterion.weight,
      measured,
      level,
      measuredUpTo: measured ? highestLevel(checks) : null,
      levelText: level === null ? null : criterion.levels[level],
      points: points.toNumber(),
      maxPoints: maxPoints.toNumber(),
      score: rounded(exact),
      evidence: [...checks].sort(byLevelThenId).map((check) => check.id),
    },
    exact,
  };
}

function reachedLevel(checks: readonly CheckResult[]): Level {
  const lowestMissed = Math.min(...checks.filter((check) => check.status !== 'passed').map((check) => check.level));
  return highestLevel(checks.filter((check) => check.level < lowestMissed));
}

const LEVELS_WITH_CHECKS = [3, 2, 1] as const;

function highestLevel(checks: readonly CheckResult[]): Level {
  return LEVELS_WITH_CHECKS.find((level) => checks.some((check) => check.level === level)) ?? 0;
}

function sumOfPoints(checks: readonly CheckResult[]): Fraction {
  return checks.reduce((sum, check) => sum.plus(Fraction.of(check.points)), Fraction.ZERO);
}

/** Mean of the parts that were measured, weights renormalised over these. Null when nothing with a weight was measured. */
export function weightedMean(parts: readonly { readonly weight: number; readonly exact: Fraction | null }[]): Fraction | null {
  let weights = Fraction.ZERO;
  let sum = Fraction.ZERO;
  for (const { weight, exact } of parts) {
    if (exact === null) continue;
    weights = weights.plus(Fraction.of(weight));
    sum = sum.plus(Fraction.of(weight).times(exact));
  }
  return weights.isZero() ? null : sum.dividedBy(weights);
}

function rounded(score: Fraction | null): number | null {
  return score === null ? null : Number(score.toDecimal(1));
}

function byLevelThenId(a: CheckResult, b: CheckResult): number {
  if (a.level !== b.level) return a.level - b.level;
  return a.id < b.id ? -1 : 1;
}

function refuseUnusableChecks(checks: readonly CheckResult[], rubric: Rubric): void {
  const known = new Set(rubric.areas.flatMap((area) => area.criteria.map((criterion) => criterion.id)));
  const seen = new Set<string>();
  for (const check of checks) {
    if (seen.has(check.id)) throw new ScoringError(`The report holds the check "${check.id}" twice; check ids must be unique.`);
    seen.add(check.id);
    if (!known.has(check.criterion)) {
      throw new ScoringError(
        `Check "${check.id}" names the criterion "${check.criterion}", which rubric ${rubric.version} lacks.`,
      );
    }
    if (!Number.isFinite(check.points) || check.points <= 0) {
      throw new ScoringError(`Check "${check.id}" must be worth more than 0 points; got ${check.points}.`);
    }
  }
}
