import { InputProblems, isAbsent, shown } from './input-error';

export const HIRING_MODELS = ['freelance', 'in_house', 'hybrid', 'staff_augmentation'] as const;
export type HiringModel = (typeof HIRING_MODELS)[number];

export const SENIORITIES = ['junior', 'mid', 'senior'] as const;
export type Seniority = (typeof SENIORITIES)[number];

/** Seats that join together. */
export interface Join {
  /** Months after the first ones start; 0 for those. */
  readonly month: number;
  readonly seats: number;
}

/** The work to be costed. Symbols as in docs/COST-MODEL.md. */
export interface Project {
  /** H: productive engineer-hours, built with Django. */
  readonly hours: number;
  /** N: seats, a whole number. */
  readonly seats: number;
  /** A team that ramps in over time, month by month until all N seats are there; null when all start together. */
  readonly joins: readonly Join[] | null;
  /** h: productive hours per engineer-month; null takes the assumption `hours_per_month`. */
  readonly hoursPerMonth: number | null;
  /** q: shares of the seats that sum to 1; null costs every seat at the assumption's reading and productivity 1. */
  readonly seniorityMix: Readonly<Record<Seniority, number>> | null;
  readonly framework: 'django' | 'flask';
  /** n: how many of Django's six built-in groups the project needs (0 to 6); read by claim C9 only. */
  readonly builtInFeatures: number;
  /** The models to report, in the order of `HIRING_MODELS`. */
  readonly models: readonly HiringModel[];
}

const FIELDS = ['hours', 'seats', 'joins', 'hoursPerMonth', 'seniorityMix', 'framework', 'builtInFeatures', 'models'];
const MOST_SEATS = 10_000;
const MOST_JOINS = 120;
const LATEST_JOIN = 1_200;
const MIX_TOLERANCE = 1e-9;

/**
 * Reads a project from untrusted JSON. `hours` and `seats` are needed, everything else has a default.
 *
 * @throws EstimateInputError with every problem found, each naming its field
 */
export function parseProject(input: unknown): Project {
  const problems = new InputProblems();
  const fields = problems.record('project', input, FIELDS);
  const hours = problems.number('project.hours', fields.hours, 'positive');
  const seats = wholeNumber(problems, 'project.seats', fields.seats, 1, MOST_SEATS);
  const project: Project = {
    hours,
    seats,
    joins: isAbsent(fields.joins) ? null : parseJoins(problems, fields.joins, seats),
    hoursPerMonth: isAbsent(fields.hoursPerMonth)
      ? null
      : problems.number('project.hoursPerMonth', fields.hoursPerMonth, 'positive'),
    seniorityMix: isAbsent(fields.seniorityMix) ? null : parseMix(problems, fields.seniorityMix),
    framework: parseFramework(problems, fields.framework),
    builtInFeatures: isAbsent(fields.builtInFeatures)
      ? 6
      : wholeNumber(problems, 'project.builtInFeatures', fields.builtInFeatures, 0, 6),
    models: parseModels(problems, fields.models),
  };
  problems.throwIfAny();
  return project;
}

/** One join is a team that starts together. */
function parseJoins(problems: InputProblems, input: unknown, seats: number): Join[] | null {
  if (!Array.isArray(input) || input.length === 0 || input.length > MOST_JOINS) {
    const got = Array.isArray(input) ? `${input.length} of them` : shown(input);
    problems.add('project.joins', `must be a list of 1 to ${MOST_JOINS} {month, seats}; got ${got}.`);
    return null;
  }
  const joins = input.map((item: unknown, index): Join => {
    const path = `project.joins.${index}`;
    const fields = problems.record(path, item, ['month', 'seats']);
    return {
      month: problems.number(`${path}.month`, fields.month, 'non_negative'),
      seats: wholeNumber(problems, `${path}.seats`, fields.seats, 1, MOST_SEATS),
    };
  });
  joins.forEach(({ month }, index) => {
    const path = `project.joins.${index}.month`;
    const before = joins[index - 1];
    if (before === undefined && month > 0) problems.add(path, `must be 0, when the first seats start; got ${month}.`);
    if (before !== undefined && month <= before.month) {
      problems.add(path, `must be later than the join before it (month ${before.month}); got ${month}.`);
    }
    if (month > LATEST_JOIN) problems.add(path, `must not be above ${LATEST_JOIN}; got ${month}.`);
  });
  const sum = joins.reduce((all, join) => all + join.seats, 0);
  if (sum !== seats && Number.isFinite(sum) && Number.isFinite(seats)) {
    problems.add('project.joins', `must bring the project's ${seats} seats; they bring ${sum}.`);
  }
  return joins.length === 1 ? null : joins;
}

function parseMix(problems: InputProblems, input: unknown): Record<Seniority, number> {
  const fields = problems.record('project.seniorityMix', input, SENIORITIES);
  const share = (seniority: Seniority) => problems.number(`project.seniorityMix.${seniority}`, fields[seniority] ?? 0, 'share');
  const mix = { junior: share('junior'), mid: share('mid'), senior: share('senior') };
  const sum = mix.junior + mix.mid + mix.senior;
  if (Math.abs(sum - 1) > MIX_TOLERANCE) {
    problems.add('project.seniorityMix', `shares must sum to 1; they sum to ${Number(sum.toPrecision(12))}.`);
  }
  return mix;
}

function parseFramework(problems: InputProblems, input: unknown): Project['framework'] {
  if (isAbsent(input) || input === 'django') return 'django';
  if (input !== 'flask') problems.add('project.framework', `must be "django" or "flask"; got ${shown(input)}.`);
  return 'flask';
}

function parseModels(problems: InputProblems, input: unknown): HiringModel[] {
  if (isAbsent(input)) return [...HIRING_MODELS];
  if (!Array.isArray(input) || input.length === 0) {
    problems.add('project.models', `must be a list of at least one of ${HIRING_MODELS.join(', ')}; got ${shown(input)}.`);
    return [];
  }
  input.forEach((model: unknown, index) => {
    if (!HIRING_MODELS.some((known) => known === model)) {
      problems.add(`project.models.${index}`, `is not a hiring model: ${shown(model)}; use ${HIRING_MODELS.join(', ')}.`);
    }
  });
  return HIRING_MODELS.filter((model) => input.includes(model));
}

function wholeNumber(problems: InputProblems, path: string, input: unknown, least: number, most: number): number {
  if (typeof input === 'number' && Number.isInteger(input) && input >= least && input <= most) return input;
  problems.add(path, `must be a whole number from ${least} to ${most}; got ${shown(input)}.`);
  return Number.NaN;
}
