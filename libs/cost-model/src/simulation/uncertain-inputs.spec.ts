import { type Assumption, AssumptionSet, isRange } from '../assumption';
import { DEFAULT_ASSUMPTIONS } from '../default-assumptions';
import { modelParameters } from '../model-parameters';
import { overrideAssumptions } from '../override-assumptions';
import { HIRING_MODELS, parseProject } from '../project';
import { driversOf, FIELDS, uncertainInputs, withValue } from './uncertain-inputs';

const PROJECT = parseProject({ hours: 2700, seats: 3 });

/** Every claim off, and on by each of its readings, with people kept after the project. */
const SITUATIONS = [
  [],
  ...DEFAULT_ASSUMPTIONS.filter(({ role }) => role === 'claim').flatMap(({ id, readings }) =>
    readings.map((reading) => [{ id, enabled: true, reading }]),
  ),
].map((claims) =>
  overrideAssumptions(
    DEFAULT_ASSUMPTIONS,
    [
      ...claims,
      ...['in_house', 'hybrid'].flatMap((model) => [
        { id: `${model}.bench_months`, value: 2 },
        { id: `${model}.severance_months`, value: 1 },
      ]),
    ].map((override) => ({ ...override, reason: 'to see all figures' })),
    'tester',
  ),
);

/** All ranges moved to one end, and what the drivers make of that. */
function atEnd(assumptions: readonly Assumption[], end: 'low' | 'high'): Assumption[] {
  return assumptions.reduce<Assumption[]>(
    (moved, each) => (isRange(each) && each.id !== 'C2' ? withValue(moved, each.id, each[end]) : moved),
    [...assumptions],
  );
}

test.each(['low', 'high'] as const)('drivers tell every figure of a model with all inputs at their %s end', (end) => {
  for (const assumptions of SITUATIONS) {
    const inputs = uncertainInputs(PROJECT, assumptions);
    const values = new Map(assumptions.filter(isRange).map((range) => [range.id, range[end]]));
    for (const model of HIRING_MODELS) {
      const drivers = driversOf(model, PROJECT, assumptions, inputs);
      const base = modelParameters(model, PROJECT, new AssumptionSet(assumptions));
      const followed = Object.fromEntries(
        drivers.map(({ field, inputId, slope, intercept }) => [field, intercept + slope * (values.get(inputId) ?? Number.NaN)]),
      );
      const moved = modelParameters(model, PROJECT, new AssumptionSet(atEnd(assumptions, end)));
      for (const [field, figure] of Object.entries(moved)) {
        const expected = followed[field] ?? base[field as keyof typeof base];
        if (typeof figure === 'number' && figure !== 0)
          expect([field, Number(expected) / figure]).toEqual([field, expect.closeTo(1, 12)]);
        else expect([field, expected]).toEqual([field, figure]);
      }
    }
  }
});

test('figures in proportion to their input have no intercept, so that none is negative', () => {
  const inputs = uncertainInputs(PROJECT, DEFAULT_ASSUMPTIONS);
  const drivers = HIRING_MODELS.flatMap((model) => driversOf(model, PROJECT, DEFAULT_ASSUMPTIONS, inputs));
  expect(drivers.map(({ intercept }) => intercept)).toEqual(drivers.map(() => 0));
  expect(drivers.every(({ field }) => FIELDS.includes(field))).toBe(true);
  expect(drivers.length).toBeGreaterThan(15);
});
