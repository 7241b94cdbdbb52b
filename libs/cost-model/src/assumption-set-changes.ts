import type { Assumption } from './assumption';
import { completeVersion, type StatedFigure, sameFigure, statedFigure } from './assumption-set';
import { assertUsable } from './assumption-set-trial';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { EstimateInputError, InputProblems, shown } from './input-error';
import { overrideAssumptions, readReason } from './override-assumptions';

export const CHANGE_KINDS = ['replaced', 'taken_back', 'learned'] as const;

/**
 * One figure that a version of a set changes against the version before. `replaced`: by a person's own, or switched or read otherwise;
 * `taken_back`: the model's default again; `learned`: the model has it since, and the version took the default.
 */
export interface AssumptionChange {
  readonly id: string;
  /** What the published figure says, and its unit. */
  readonly claim: string;
  readonly unit: string;
  readonly kind: (typeof CHANGE_KINDS)[number];
  /** Null for what the version before did not know. */
  readonly before: StatedFigure | null;
  readonly after: StatedFigure;
  readonly reason: string;
}

export interface NextVersion {
  /** All that the version means: a full copy, in the model's order. */
  readonly assumptions: readonly Assumption[];
  readonly changes: readonly AssumptionChange[];
}

export interface ChangeAuthor {
  /** Who takes responsibility, kept in the assumptions. */
  readonly by: string;
  /** `YYYY-MM-DD` */
  readonly day: string;
}

const TAKE_BACK_FIELDS = ['id', 'reset', 'reason'];
const LEARNED = 'The model learned this figure after the version before was made.';

/**
 * Makes the next version of a set. `input` is untrusted JSON: a list of overrides as `overrideAssumptions` reads them, and of
 * `{id, reset: true, reason}`, which takes a figure back to the model's default of today.
 *
 * @param stored the copy that the version before keeps; for a first version the model's defaults
 * @throws EstimateInputError with every problem found, each naming its field; also when nothing could be estimated with the result
 */
export function nextVersion(
  stored: readonly Assumption[],
  input: unknown,
  author: ChangeAuthor,
  defaults: readonly Assumption[] = DEFAULT_ASSUMPTIONS,
): NextVersion {
  if (!Array.isArray(input)) throw oneProblem('assumptions', `must be a list of changes; got ${shown(input)}.`);
  if (input.length === 0) throw oneProblem('assumptions', 'must hold at least one change.');
  const items = input as readonly unknown[];
  const before = completeVersion(stored, defaults);
  const start = before.map(({ assumption }) => assumption);
  const assumptions = changed(start, items, author, defaults);
  assertUsable(items.length, (count) =>
    count === items.length ? assumptions : changed(start, items.slice(0, count), author, defaults),
  );
  const given = new Map(items.map((item) => [fieldOf(item, 'id'), item]));
  const changes = before.flatMap(({ assumption, origin }, index): AssumptionChange[] => {
    const item = given.get(assumption.id);
    const after = statedFigure(assumptions[index] as Assumption);
    const { id, unit } = assumption;
    const claim = assumption.replaces?.claim ?? assumption.claim;
    const figures = { id, claim, unit, before: origin === 'later_default' ? null : statedFigure(assumption), after };
    if (item === undefined) return origin === 'later_default' ? [{ ...figures, kind: 'learned', reason: LEARNED }] : [];
    const reason = String(fieldOf(item, 'reason')).trim();
    return [{ ...figures, kind: isTakingBack(item) ? 'taken_back' : 'replaced', reason }];
  });
  return { assumptions, changes };
}

function changed(
  start: readonly Assumption[],
  items: readonly unknown[],
  { by, day }: ChangeAuthor,
  defaults: readonly Assumption[],
): Assumption[] {
  const problems = new InputProblems();
  const positions = [...items.keys()];
  const taking = positions.filter((position) => isTakingBack(items[position]));
  const overriding = positions.filter((position) => !isTakingBack(items[position]));
  for (const position of positions) {
    const id = fieldOf(items[position], 'id');
    const earlier = items.findIndex((item) => fieldOf(item, 'id') === id);
    // Two overrides of one assumption are found where overrides are read.
    if (earlier < position && id !== undefined && (taking.includes(position) || taking.includes(earlier))) {
      problems.add(`assumptions.${position}.id`, `${shown(id)} is changed twice; change it once.`);
    }
  }
  const back = new Map(
    taking.map((position) => takenBack(problems, `assumptions.${position}`, items[position], start, defaults)),
  );
  const overridden = atTheirPositions(problems, overriding, () =>
    overrideAssumptions(
      start,
      overriding.map((position) => items[position]),
      by,
      day,
    ),
  );
  problems.throwIfAny();
  return overridden.map((assumption) => back.get(assumption.id) ?? assumption);
}

/** The id of what is taken back, and today's default of it. */
function takenBack(
  problems: InputProblems,
  path: string,
  item: unknown,
  start: readonly Assumption[],
  defaults: readonly Assumption[],
): [unknown, Assumption | undefined] {
  const fields = problems.record(path, item, TAKE_BACK_FIELDS);
  if (fields.reset !== true) problems.add(`${path}.reset`, `can only be true; got ${shown(fields.reset)}.`);
  readReason(problems, path, fields.reason);
  const today = defaults.find(({ id }) => id === fields.id);
  const current = start.find(({ id }) => id === fields.id);
  if (today === undefined || current === undefined) {
    problems.add(`${path}.id`, `is not an assumption of the model: ${shown(fields.id)}.`);
  } else if (current.overriddenBy === null && sameFigure(statedFigure(current), statedFigure(today))) {
    problems.add(`${path}.id`, `${today.id} is the model's default already; there is nothing to take back.`);
  }
  return [fields.id, today];
}

/** Overrides are read as a list of their own; their problems are told where they stand among all changes. */
function atTheirPositions(problems: InputProblems, positions: readonly number[], read: () => Assumption[]): Assumption[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    for (const { path, message } of error.problems) {
      problems.add(
        path.replace(/^assumptions\.(\d+)/, (_, place: string) => `assumptions.${positions[Number(place)]}`),
        message,
      );
    }
    return [];
  }
}

function isTakingBack(item: unknown): boolean {
  return fieldOf(item, 'reset') !== undefined;
}

function fieldOf(item: unknown, field: string): unknown {
  return typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>)[field] : undefined;
}

function oneProblem(path: string, message: string): EstimateInputError {
  return new EstimateInputError([{ path, message }]);
}
