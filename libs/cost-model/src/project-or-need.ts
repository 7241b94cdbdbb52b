import { parseSituation, type Situation } from './advice';
import type { Assumption } from './assumption';
import { type FrameworkNeed, parseFrameworkNeed } from './framework-fit';
import { type HiringNeed, parseHiringNeed } from './hiring-need';
import { EstimateInputError, InputProblems, isAbsent } from './input-error';
import { type Project, parseProject } from './project';

/** What an estimate is about, however it was asked for. */
export interface ParsedProject {
  /** Null when the project's hours were given as such. */
  readonly need: HiringNeed | null;
  readonly project: Project;
  readonly situation: Situation;
  readonly frameworkNeed: FrameworkNeed | null;
}

/**
 * Reads what an estimate is asked for from untrusted JSON: `{need}` alone, or `{project, situation?, framework?}`. When a project says
 * which of the framework's built-in groups it needs, their number is its `builtInFeatures`.
 *
 * @throws EstimateInputError with every problem found, each naming its field
 */
export function parseProjectOrNeed(input: unknown, assumptions: readonly Assumption[]): ParsedProject {
  const problems = new InputProblems();
  const { need, project, situation, framework } = problems.record('estimate', input, FIELDS);
  problems.throwIfAny();
  if (isAbsent(need) === isAbsent(project)) {
    const message = isAbsent(need) ? 'is missing: give a project, or a need.' : 'is given beside a need: give one of both.';
    throw new EstimateInputError([{ path: 'project', message }]);
  }
  if (!isAbsent(need)) {
    for (const [path, value] of Object.entries({ situation, framework })) {
      if (!isAbsent(value)) problems.add(path, `belongs into the need: give need.${path}.`);
    }
    problems.throwIfAny();
    return parseHiringNeed(need, assumptions);
  }
  const read = {
    project: problems.collect(() => parseProject(project)),
    situation: problems.collect(() => parseSituation(situation ?? {})),
    frameworkNeed: isAbsent(framework) ? null : problems.collect(() => parseFrameworkNeed(framework)),
  };
  const needed = read.frameworkNeed?.needs.length ?? null;
  const stated = builtInFeaturesOf(project);
  if (needed !== null && typeof stated === 'number' && stated !== needed) {
    problems.add('project.builtInFeatures', `is ${stated}, but framework.needs names ${needed} of the built-in groups.`);
  }
  problems.throwIfAny();
  const parsed = read.project as Project;
  return {
    need: null,
    project: needed === null ? parsed : { ...parsed, builtInFeatures: needed },
    situation: read.situation as Situation,
    frameworkNeed: read.frameworkNeed,
  };
}

const FIELDS = ['need', 'project', 'situation', 'framework'];

function builtInFeaturesOf(project: unknown): unknown {
  return typeof project === 'object' && project !== null && 'builtInFeatures' in project ? project.builtInFeatures : undefined;
}
