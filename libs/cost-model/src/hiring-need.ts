import { parseSituation, type Situation } from './advice';
import { type Assumption, AssumptionSet } from './assumption';
import { type FrameworkNeed, parseFrameworkNeed } from './framework-fit';
import { EstimateInputError, type InputProblem, InputProblems, shown } from './input-error';
import { hoursPerMonth } from './model-parameters';
import { type Project, parseProject } from './project';

/** What a hiring manager asks for, before anybody has counted hours. */
export interface HiringNeed {
  /** For example `Senior Django developer`; null when it has no name. */
  readonly role: string | null;
  readonly seats: number;
  /** Productive hours of the project, or a team and how long it works. */
  readonly scope: { readonly hours: number } | { readonly teamSize: number; readonly months: number };
}

export interface ParsedNeed {
  readonly need: HiringNeed;
  readonly project: Project;
  readonly situation: Situation;
  readonly frameworkNeed: FrameworkNeed | null;
}

const PROJECT_FIELDS = ['seats', 'hoursPerMonth', 'seniorityMix', 'models'] as const;
const FIELDS = [...PROJECT_FIELDS, 'role', 'scope', 'situation', 'framework'];
const LONGEST_ROLE = 200;

/**
 * Reads a hiring need from untrusted JSON:
 * `{role?, seats, scope: {hours} | {teamSize, months}, seniorityMix?, hoursPerMonth?, models?, situation?, framework?: {needs, flags?}}`.
 * A team's scope becomes teamSize x months x h hours, with h of the need or of the assumptions.
 *
 * @throws EstimateInputError with every problem found, each naming its field
 */
export function parseHiringNeed(input: unknown, assumptions: readonly Assumption[]): ParsedNeed {
  const problems = new InputProblems();
  const fields = problems.record('need', input, FIELDS);
  const role = readRole(problems, fields.role);
  const scope = readScope(problems, fields.scope);
  const situation = collected(problems, () => parseSituation(fields.situation ?? {}), 'situation', 'need.situation');
  const frameworkNeed = isAbsent(fields.framework)
    ? null
    : collected(problems, () => parseFrameworkNeed(fields.framework), 'framework', 'need.framework');
  const given = Object.fromEntries(PROJECT_FIELDS.filter((field) => field in fields).map((field) => [field, fields[field]]));
  const builtInFeatures = frameworkNeed ? frameworkNeed.needs.length : undefined;
  // The hours follow below, once all else is known to be right.
  const shape = collected(problems, () => parseProject({ ...given, builtInFeatures, hours: 1 }), 'project', 'need');
  problems.throwIfAny();
  const ready = shape as Project;
  const hours =
    'hours' in scope ? scope.hours : scope.teamSize * scope.months * hoursPerMonth(ready, new AssumptionSet(assumptions));
  return {
    need: { role, seats: ready.seats, scope },
    project: parseProject({ ...ready, hours }),
    situation: situation as Situation,
    frameworkNeed: frameworkNeed as FrameworkNeed | null,
  };
}

function readRole(problems: InputProblems, role: unknown): string | null {
  if (isAbsent(role)) return null;
  if (typeof role === 'string' && role.trim() !== '' && role.length <= LONGEST_ROLE) return role.trim();
  problems.add('need.role', `must be 1 to ${LONGEST_ROLE} characters; got ${shown(role)}.`);
  return null;
}

function readScope(problems: InputProblems, input: unknown): HiringNeed['scope'] {
  const fields = problems.record('need.scope', input, ['hours', 'teamSize', 'months']);
  const isTeam = fields.teamSize !== undefined || fields.months !== undefined;
  if (isTeam && fields.hours !== undefined) problems.add('need.scope', 'is given twice: give hours, or teamSize and months.');
  if (!isTeam) return { hours: problems.number('need.scope.hours', fields.hours, 'positive') };
  return {
    teamSize: problems.number('need.scope.teamSize', fields.teamSize, 'positive'),
    months: problems.number('need.scope.months', fields.months, 'positive'),
  };
}

/** Reads a part by its own rules; its problems are told where it stands in the need. */
function collected<T>(problems: InputProblems, read: () => T, from: string, to: string): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    for (const { path, message } of error.problems as readonly InputProblem[]) {
      problems.add(path.startsWith(from) ? `${to}${path.slice(from.length)}` : path, message);
    }
    return null;
  }
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
