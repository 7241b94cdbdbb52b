import { parseSituation, type Situation } from './advice';
import { type Assumption, AssumptionSet } from './assumption';
import { type FrameworkNeed, parseFrameworkNeed } from './framework-fit';
import { InputProblems, isAbsent } from './input-error';
import { hoursPerMonth } from './model-parameters';
import { readPlainText } from './plain-text';
import { type Project, parseProject } from './project';

/** What a hiring manager asks for, before anybody has counted hours. */
export interface HiringNeed {
  /** For example `Senior Django developer`; null when it has no name. */
  readonly role: string | null;
  /** Those who are hired, and do all of the work. */
  readonly seats: number;
  /**
   * How much work it is: productive hours, or the engineers and months that it would take, each of productivity 1 (mid). The second
   * measures work only; it need not be the seats, which are what is hired for it.
   */
  readonly scope: { readonly hours: number } | { readonly teamSize: number; readonly months: number };
}

export interface ParsedNeed {
  readonly need: HiringNeed;
  readonly project: Project;
  readonly situation: Situation;
  readonly frameworkNeed: FrameworkNeed | null;
}

const PROJECT_FIELDS = ['seats', 'joins', 'hoursPerMonth', 'seniorityMix', 'models'] as const;
const FIELDS = ['role', ...PROJECT_FIELDS, 'scope', 'situation', 'framework'];
const LONGEST_ROLE = 200;

/**
 * Reads a hiring need from untrusted JSON:
 * `{role?, seats, scope: {hours} | {teamSize, months}, joins?, seniorityMix?, hoursPerMonth?, models?, situation?, framework?: {needs, flags?}}`.
 * A team's scope becomes teamSize x months x h hours, with h of the need or of the assumptions; a seniority mix then makes them more or
 * fewer, as it does with hours. How urgent it is stands in `situation.startWithinMonths`. The framework's needs say how many built-in
 * groups claim C9 would act on; the project is one of Django.
 *
 * @throws EstimateInputError with every problem found, each naming its field
 */
export function parseHiringNeed(input: unknown, assumptions: readonly Assumption[]): ParsedNeed {
  const problems = new InputProblems();
  const fields = problems.record('need', input, FIELDS);
  const role = isAbsent(fields.role) ? null : readPlainText(problems, 'need.role', fields.role, LONGEST_ROLE);
  const scope = readScope(problems, fields.scope);
  const situation = problems.collect(() => parseSituation(fields.situation ?? {}), 'situation', 'need.situation');
  const frameworkNeed = isAbsent(fields.framework)
    ? null
    : problems.collect(() => parseFrameworkNeed(fields.framework), 'framework', 'need.framework');
  const given = Object.fromEntries(PROJECT_FIELDS.filter((field) => field in fields).map((field) => [field, fields[field]]));
  const builtInFeatures = frameworkNeed ? frameworkNeed.needs.length : undefined;
  // The hours follow below, once all else is known to be right.
  const shape = problems.collect(() => parseProject({ ...given, builtInFeatures, hours: 1 }), 'project', 'need');
  problems.throwIfAny();
  const ready = shape as Project;
  const perMonth = hoursPerMonth(ready, new AssumptionSet(assumptions));
  const hours = 'hours' in scope ? scope.hours : scope.teamSize * scope.months * perMonth;
  const project = problems.collect(() => parseProject({ ...ready, hours }), 'project.hours', 'need.scope');
  problems.throwIfAny();
  return {
    need: { role, seats: ready.seats, scope },
    project: project as Project,
    situation: situation as Situation,
    frameworkNeed,
  };
}

/** The JSON that {@link parseHiringNeed} reads as this need, for changing single fields of it. */
export function asNeedInput({ need, project, situation, frameworkNeed }: ParsedNeed): Record<string, unknown> {
  const { joins, hoursPerMonth, seniorityMix, models } = project;
  return { ...need, joins, hoursPerMonth, seniorityMix, models, situation, framework: frameworkNeed };
}

function readScope(problems: InputProblems, input: unknown): HiringNeed['scope'] {
  if (isAbsent(input)) {
    problems.add('need.scope', 'is missing: give {hours}, or {teamSize, months}.');
    return { hours: Number.NaN };
  }
  const fields = problems.record('need.scope', input, ['hours', 'teamSize', 'months']);
  const isTeam = !isAbsent(fields.teamSize) || !isAbsent(fields.months);
  if (isTeam && !isAbsent(fields.hours)) problems.add('need.scope', 'is given twice: give hours, or teamSize and months.');
  if (!isTeam) return { hours: problems.number('need.scope.hours', fields.hours, 'positive') };
  return {
    teamSize: problems.number('need.scope.teamSize', fields.teamSize, 'positive'),
    months: problems.number('need.scope.months', fields.months, 'positive'),
  };
}
