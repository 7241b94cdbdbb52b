import { AREA_IDS, type AreaId, CRITERION_IDS, type CriterionId } from '@assay/contracts/rubric-ids';
import { Fraction } from './fraction';

/** A rubric: what a submission is judged by. Immutable once used; a change is a new version. */
export interface Rubric {
  readonly version: string;
  readonly name: string;
  /** All five areas, in order of id. Weights sum to 1. */
  readonly areas: readonly RubricArea[];
}

export interface RubricArea {
  readonly id: AreaId;
  readonly name: string;
  /** Share of the composite, 0 to 1. */
  readonly weight: number;
  /** The area's five criteria, in order of id. Weights sum to 1. */
  readonly criteria: readonly RubricCriterion[];
}

export interface RubricCriterion {
  readonly id: CriterionId;
  readonly name: string;
  /** Share of the area, 0 to 1. */
  readonly weight: number;
  /** What one sees at level 0, 1, 2 and 3. */
  readonly levels: LevelTexts;
  /** What a grader can measure without a person. */
  readonly autoEvidence: string;
  /** True where an engineering lead rates the criterion too; that rating stands beside the measured one. */
  readonly humanRated: boolean;
}

export type LevelTexts = readonly [string, string, string, string];

/** Weights that an organisation sets for a role. What is left out keeps the rubric's weight. */
export interface WeightOverrides {
  readonly areas?: Readonly<Partial<Record<AreaId, number>>>;
  readonly criteria?: Readonly<Partial<Record<CriterionId, number>>>;
}

/** A rubric or a weight that cannot be used. The message names the part at fault and says what is expected. */
export class RubricError extends Error {
  override readonly name = 'RubricError';
}

/** Weights typed as decimals may miss 1 by this much, so that three times 0.333333333333 is accepted. */
const WEIGHT_TOLERANCE = Fraction.of(1e-9);

/**
 * Returns the rubric with a role's own weights. Area weights must sum to 1, and so must the weights inside each area.
 *
 * @throws RubricError for an unknown id, a weight outside 0..1, or a sum other than 1
 */
export function applyWeights(rubric: Rubric, overrides: WeightOverrides): Rubric {
  refuseUnknownIds('area', Object.keys(overrides.areas ?? {}), AREA_IDS);
  refuseUnknownIds('criterion', Object.keys(overrides.criteria ?? {}), CRITERION_IDS);
  const weighted: Rubric = {
    ...rubric,
    areas: rubric.areas.map((area) => ({
      ...area,
      weight: overrides.areas?.[area.id] ?? area.weight,
      criteria: area.criteria.map((criterion) => ({
        ...criterion,
        weight: overrides.criteria?.[criterion.id] ?? criterion.weight,
      })),
    })),
  };
  assertRubric(weighted);
  return weighted;
}

/**
 * Checks that a rubric can be scored with: five areas of five criteria, each once, and weights that sum to 1.
 *
 * @throws RubricError naming the part at fault
 */
export function assertRubric(rubric: Rubric): void {
  requireIds('areas', rubric.areas, AREA_IDS);
  requireWeights('the areas', rubric.areas);
  for (const area of rubric.areas) {
    const expected = CRITERION_IDS.filter((id) => id.startsWith(area.id));
    requireIds(`criteria of area ${area.id}`, area.criteria, expected);
    requireWeights(`the criteria of area ${area.id}`, area.criteria);
  }
}

function refuseUnknownIds(kind: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new RubricError(`There is no ${kind} "${unknown}"; use ${known[0]} to ${known[known.length - 1]}.`);
  }
}

function requireIds(what: string, parts: readonly { readonly id: string }[], expected: readonly string[]): void {
  const ids = parts.map((part) => part.id);
  if (ids.join() !== expected.join()) {
    throw new RubricError(`The ${what} must be ${expected.join(', ')}, in this order; got ${ids.join(', ') || 'none'}.`);
  }
}

function requireWeights(what: string, parts: readonly { readonly id: string; readonly weight: number }[]): void {
  let sum = Fraction.ZERO;
  for (const { id, weight } of parts) {
    if (!Number.isFinite(weight) || weight < 0 || weight > 1) {
      throw new RubricError(`The weight of ${id} must be a number from 0 to 1; got ${weight}.`);
    }
    sum = sum.plus(Fraction.of(weight));
  }
  if (sum.minus(Fraction.of(1)).abs().isAbove(WEIGHT_TOLERANCE)) {
    throw new RubricError(`The weights of ${what} must sum to 1; they sum to ${sum.toNumber()}.`);
  }
}
