import type { AreaId, CriterionId } from '@assay/contracts/rubric-ids';
import { assertRubric, type LevelTexts, type Rubric } from '@assay/scoring/rubric';
import type { RubricAreaEntity, RubricCriterionEntity, RubricEntity, RubricLevelEntity } from './rubric.entity';

/** The rows of one rubric, each list in order of id. */
export interface RubricRows {
  readonly rubric: RubricEntity;
  readonly areas: readonly RubricAreaEntity[];
  readonly criteria: readonly RubricCriterionEntity[];
  readonly levels: readonly RubricLevelEntity[];
}

/**
 * Puts a rubric together from its rows.
 *
 * @throws RubricError when the rows are no rubric that can be scored with
 */
export function assembleRubric({ rubric, areas, criteria, levels }: RubricRows): Rubric {
  const assembled: Rubric = {
    version: rubric.version,
    name: rubric.title,
    areas: areas.map((area) => ({
      id: area.id as AreaId,
      name: area.name,
      weight: Number(area.weight),
      criteria: criteria
        .filter((criterion) => criterion.areaId === area.id)
        .map((criterion) => ({
          id: criterion.id as CriterionId,
          name: criterion.name,
          weight: Number(criterion.weight),
          levels: levelTexts(criterion.id, levels),
          autoEvidence: criterion.autoEvidence,
          humanRated: criterion.humanRated,
        })),
    })),
  };
  assertRubric(assembled);
  return assembled;
}

function levelTexts(criterionId: string, levels: readonly RubricLevelEntity[]): LevelTexts {
  const texts = levels.filter((level) => level.criterionId === criterionId).map((level) => level.description);
  const [zero, one, two, three] = texts;
  if (zero === undefined || one === undefined || two === undefined || three === undefined) {
    throw new Error(`The criterion ${criterionId} has ${texts.length} of four levels in the database`);
  }
  return [zero, one, two, three];
}
