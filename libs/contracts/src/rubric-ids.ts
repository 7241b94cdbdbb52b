/** The five skill areas of the rubric. Source: docs/RUBRIC.md; names and levels live in the database and in `@assay/scoring/rubric-v1`. */
export const AREA_IDS = ['A', 'B', 'C', 'D', 'E'] as const;
export type AreaId = (typeof AREA_IDS)[number];

/** The 25 criteria, five an area: `A1` to `E5`. */
export const CRITERION_IDS = AREA_IDS.flatMap((area) => ([1, 2, 3, 4, 5] as const).map((n) => `${area}${n}` as const));
export type CriterionId = `${AreaId}${1 | 2 | 3 | 4 | 5}`;

/** Level of a criterion: 0 (lowest) to 3 (highest), behaviourally anchored. */
export type Level = 0 | 1 | 2 | 3;
