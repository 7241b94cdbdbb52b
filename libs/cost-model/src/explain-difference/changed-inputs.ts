import { type Assumption, isRange } from '../assumption';
import { DEFAULT_ASSUMPTIONS } from '../default-assumptions';
import type { EstimateInput } from '../estimate-input';
import { EstimateInputError } from '../input-error';
import type { Project } from '../project';
import { type Mixture, outcomeOf } from './mixture';

/** Ids of inputs that are fields of the project begin with this. */
export const PROJECT = 'project.';
const ARCHITECT = 'hybrid.architect_share';
/** Months beyond which a team is said to have no capacity. */
const ENDLESS = 1e9;

/** An input that differs between two estimates, or several that make sense only together. */
export interface InputChange {
  /** `project.hours`, or the id of an assumption; the first of {@link together}. */
  readonly inputId: string;
  readonly together: readonly string[];
}

/** One of two estimates. */
export interface Side extends Mixture {
  /** All of the model, in the order of the defaults. */
  readonly assumptions: readonly Assumption[];
}

/** Estimates once kept only the assumptions that they used: the rest is taken from the defaults. */
export function sideOf({ project, assumptions }: EstimateInput): Side {
  const own = new Map(assumptions.map((assumption) => [assumption.id, assumption]));
  const all = DEFAULT_ASSUMPTIONS.map((byDefault) => own.get(byDefault.id) ?? byDefault);
  const byId = new Map(all.map((assumption) => [assumption.id, assumption]));
  return { project, assumptions: all, assumption: (id) => byId.get(id) };
}

/**
 * The inputs in which two estimates differ, by name. Which models were asked for is none of them: it moves no model's figures. Seats and
 * when they join change together, because joins sum to seats; so do hours per month and the assumption that stands in for them.
 */
export function changesBetween(before: Side, after: Side): InputChange[] {
  const fields = [...new Set([...Object.keys(before.project), ...Object.keys(after.project)])]
    .filter((field) => field !== 'models')
    .filter((field) => textOf(fieldOf(before.project, field)) !== textOf(fieldOf(after.project, field)))
    .map((field) => PROJECT + field);
  const assumptions = after.assumptions
    .filter((assumption, index) => figureOf(assumption) !== figureOf(before.assumptions[index] as Assumption))
    .map(({ id }) => id);
  const groups = [...fields, ...assumptions].sort().map((id) => [id]);
  merge(groups, ['project.seats', 'project.joins']);
  const isStoodIn = before.project.hoursPerMonth === null || after.project.hoursPerMonth === null;
  if (isStoodIn) merge(groups, ['project.hoursPerMonth', 'hours_per_month']);
  mergeHybridCapacity(groups, before, after);
  return groups.map((together) => ({ inputId: together[0] as string, together }));
}

/** The inputs as before, those that joined as after. */
export function mixtureOf(before: Side, after: Side, joined: readonly string[]): Mixture {
  const ids = new Set(joined);
  const fields = joined.filter((id) => id.startsWith(PROJECT)).map((id) => fieldName(id));
  const moved = Object.fromEntries(fields.map((field) => [field, fieldOf(after.project, field)]));
  return {
    project: { ...before.project, ...moved },
    assumption: (id) => (ids.has(id) ? after : before).assumption(id),
  };
}

/** What a side has of the inputs that changed, as text. */
export function sideText({ project, assumptions }: Side, changes: readonly InputChange[]): string {
  const ids = changes.flatMap(({ together }) => together);
  return textOf([
    ids.filter((id) => id.startsWith(PROJECT)).map((id) => fieldOf(project, fieldName(id))),
    assumptions.filter(({ id }) => ids.includes(id)).map(figureOf),
  ]);
}

/** The name of a project's field from the id of the input. */
export function fieldName(inputId: string): string {
  return inputId.slice(PROJECT.length);
}

/** A field that the project of an older estimate does not have counts as not given. */
export function fieldOf(project: Project, field: string): unknown {
  return new Map<string, unknown>(Object.entries(project)).get(field) ?? null;
}

/** A value as text that does not depend on the order of an object's keys. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** What formulas see of an assumption; who changed it and why moves no total. */
export function figureOf(assumption: Assumption): string {
  const { reading, enabled } = assumption;
  const amounts = isRange(assumption) ? [assumption.low, assumption.mode, assumption.high] : [assumption.value];
  return JSON.stringify([amounts, reading, enabled]);
}

/** One seat and an architect who delivers next to nothing may come of two sound estimates when only one of these has changed. */
function mergeHybridCapacity(groups: string[][], before: Side, after: Side): void {
  const seats = groups.find(([id]) => id === 'project.seats' || id === 'project.joins');
  if (!seats || !groups.some(([id]) => id === ARCHITECT)) return;
  // From either side, so that the other way round the same inputs count as one.
  const between = [seats, [ARCHITECT]].flatMap((joined) => [mixtureOf(before, after, joined), mixtureOf(after, before, joined)]);
  if (!between.every(isMeaningful)) merge(groups, [...seats, ARCHITECT]);
}

function isMeaningful(mixture: Mixture): boolean {
  try {
    return outcomeOf('hybrid', mixture).months < ENDLESS;
  } catch (error) {
    if (error instanceof EstimateInputError) return false;
    throw error;
  }
}

/** Makes one group, under the name of the first, of those that changed when all of them did. */
function merge(groups: string[][], ids: readonly string[]): void {
  const found = ids.map((id) => groups.find((group) => group.includes(id)));
  if (found.some((group) => group === undefined)) return;
  const [first, ...others] = [...new Set(found)] as string[][];
  for (const other of others) {
    first?.push(...other);
    groups.splice(groups.indexOf(other), 1);
  }
}
