import { type Assumption, isRange } from './assumption';
import { withProvenance } from './assumption-provenance';
import { InputProblems, numberProblem, shown } from './input-error';

const FIELDS = ['id', 'reason', 'value', 'low', 'mode', 'high', 'reading', 'enabled'];
const RANGE_FIELDS = ['low', 'mode', 'high'] as const;
const LONGEST_REASON = 500;

/**
 * Replaces assumptions by a person's own. `input` is untrusted JSON: a list of `{id, reason, value? | low? mode? high?, reading?,
 * enabled?}`. A `value` for a range sets low, mode and high alike. Nothing is replaced without a reason; only claims can be
 * switched on and off.
 *
 * @param overriddenBy who takes responsibility, kept in the assumption
 * @param day of the override, `YYYY-MM-DD`; when left out, own amounts keep the day of the figure that they replace
 * @throws EstimateInputError with every problem found, each naming its field
 */
export function overrideAssumptions(
  assumptions: readonly Assumption[],
  input: unknown,
  overriddenBy: string,
  day?: string,
): Assumption[] {
  const problems = new InputProblems();
  const result = [...assumptions];
  const seen = new Set<number>();
  if (!Array.isArray(input)) problems.add('assumptions', `must be a list of overrides; got ${shown(input)}.`);
  for (const [position, item] of (Array.isArray(input) ? input : []).entries()) {
    const path = `assumptions.${position}`;
    const fields = problems.record(path, item, FIELDS);
    const index = result.findIndex(({ id }) => id === fields.id);
    const current = result[index];
    if (current === undefined) {
      problems.add(`${path}.id`, `is not an assumption of the model: ${shown(fields.id)}.`);
      continue;
    }
    if (seen.has(index)) problems.add(`${path}.id`, `${current.id} is overridden twice; give it once.`);
    seen.add(index);
    result[index] = withProvenance(current, overridden(problems, path, current, fields, overriddenBy), day);
  }
  problems.throwIfAny();
  return result;
}

function overridden(
  problems: InputProblems,
  path: string,
  current: Assumption,
  fields: Readonly<Record<string, unknown>>,
  overriddenBy: string,
): Assumption {
  if (!FIELDS.slice(2).some((field) => fields[field] !== undefined)) {
    problems.add(path, `changes nothing; give ${isRange(current) ? 'low, mode, high, value' : 'value'}, reading or enabled.`);
  }
  return {
    ...withAmounts(problems, path, current, fields),
    reading: readReading(problems, path, current, fields.reading),
    enabled: readEnabled(problems, path, current, fields.enabled),
    overriddenBy,
    overrideReason: readReason(problems, path, fields.reason),
  };
}

function withAmounts(
  problems: InputProblems,
  path: string,
  current: Assumption,
  fields: Readonly<Record<string, unknown>>,
): Assumption {
  const read = (field: string, otherwise: number): number =>
    fields[field] === undefined ? otherwise : problems.number(`${path}.${field}`, fields[field], current.allowed);
  if (!isRange(current)) {
    for (const field of RANGE_FIELDS) {
      if (fields[field] !== undefined)
        problems.add(`${path}.${field}`, `does not apply: ${current.id} is one value; give value.`);
    }
    return { ...current, value: read('value', current.value) };
  }
  if (fields.value !== undefined) {
    if (RANGE_FIELDS.some((field) => fields[field] !== undefined)) {
      problems.add(`${path}.value`, 'cannot be given together with low, mode or high.');
    }
    const value = read('value', current.mode);
    return { ...current, low: value, mode: value, high: value };
  }
  const [low, mode, high] = [read('low', current.low), read('mode', current.mode), read('high', current.high)];
  if (low > mode || mode > high) {
    problems.add(path, `must have low <= mode <= high; got ${low}, ${mode}, ${high}.`);
  }
  return { ...current, low, mode, high };
}

function readReading(problems: InputProblems, path: string, current: Assumption, reading: unknown): string {
  if (reading === undefined) return current.reading;
  const known = current.readings.find((one) => one === reading);
  if (known === undefined) {
    problems.add(`${path}.reading`, `must be one of ${current.readings.join(', ')}; got ${shown(reading)}.`);
  }
  return known ?? current.reading;
}

function readEnabled(problems: InputProblems, path: string, current: Assumption, enabled: unknown): boolean {
  if (enabled === undefined) return current.enabled;
  if (typeof enabled !== 'boolean') {
    problems.add(`${path}.enabled`, `must be true or false; got ${shown(enabled)}.`);
  } else if (enabled !== current.enabled && current.role !== 'claim') {
    const why = current.role === 'display' ? 'is shown only and never calculated with' : 'is needed by the formulas';
    problems.add(`${path}.enabled`, `cannot be changed: ${current.id} ${why}.`);
  }
  return enabled === true;
}

/** Why a figure is replaced: needed, one to {@link LONGEST_REASON} characters. */
export function readReason(problems: InputProblems, path: string, reason: unknown): string {
  const text = typeof reason === 'string' ? reason.trim() : '';
  if (text === '' || text.length > LONGEST_REASON) {
    problems.add(`${path}.reason`, `must say why the assumption is replaced, in 1 to ${LONGEST_REASON} characters.`);
  }
  return text;
}

/**
 * Checks assumptions that did not come through `overrideAssumptions`, for example ones read back from storage.
 *
 * @throws EstimateInputError naming each assumption at fault
 */
export function assertAssumptions(assumptions: readonly Assumption[]): void {
  const problems = new InputProblems();
  for (const assumption of assumptions) {
    const amounts = isRange(assumption)
      ? { low: assumption.low, mode: assumption.mode, high: assumption.high }
      : { value: assumption.value };
    for (const [field, amount] of Object.entries(amounts)) {
      const problem = numberProblem(amount, assumption.allowed);
      if (problem !== null) problems.add(`assumptions.${assumption.id}.${field}`, problem);
    }
    if (isRange(assumption) && (assumption.low > assumption.mode || assumption.mode > assumption.high)) {
      problems.add(`assumptions.${assumption.id}`, 'must have low <= mode <= high.');
    }
    if (assumption.enabled && assumption.role === 'claim' && assumption.overrideReason === null) {
      problems.add(`assumptions.${assumption.id}.enabled`, 'a claim is switched on only by a person who gives a reason.');
    }
  }
  problems.throwIfAny();
}
