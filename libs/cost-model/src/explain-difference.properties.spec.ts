import fc from 'fast-check';
import { extremeOverrides, extremeProject, overriddenBy } from '../fixtures/any-estimate';
import { isRange } from './assumption';
import { DOLLAR, decimalsOf } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import type { EstimateInput } from './estimate-input';
import { explainDifference } from './explain-difference';
import { EstimateInputError } from './input-error';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';

const figure = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const AMOUNTS: Readonly<Record<string, fc.Arbitrary<number>>> = {
  any: figure(-1, 1),
  positive: figure(0.1, 500),
  non_negative: fc.oneof(fc.constant(0), figure(0, 30)),
  share: fc.oneof(fc.constant(0), figure(0, 1)),
  share_below_one: figure(0, 0.9),
};

/** Own figures for any of the assumptions, ranges, readings and switches included. */
const overrides = fc
  .subarray([...DEFAULT_ASSUMPTIONS], { maxLength: 14 })
  .chain((assumptions) =>
    fc.tuple(
      ...assumptions.map((assumption) =>
        fc
          .record({
            amounts: fc.array(AMOUNTS[assumption.allowed] as fc.Arbitrary<number>, { minLength: 3, maxLength: 3 }),
            reading: fc.constantFrom(...assumption.readings),
            enabled: assumption.role === 'claim' ? fc.boolean() : fc.constant(assumption.enabled),
          })
          .map(({ amounts, reading, enabled }) => {
            const [low, mode, high] = [...amounts].sort((a, b) => a - b);
            const own = isRange(assumption) ? { low, mode, high } : { value: mode };
            return { id: assumption.id, reason: 'ours', reading, enabled, ...own };
          }),
      ),
    ),
  )
  .map((items) => overrideAssumptions(DEFAULT_ASSUMPTIONS, items, 'someone@example.com'));

const joins = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .map((waves) => waves.map((seats, wave) => ({ month: 1.5 * wave, seats })));

const projects = fc
  .record({
    hours: figure(1, 50_000),
    team: fc.oneof(
      fc.integer({ min: 1, max: 20 }).map((seats) => ({ seats })),
      joins.map((waves) => ({ seats: waves.reduce((sum, { seats }) => sum + seats, 0), joins: waves })),
    ),
    hoursPerMonth: fc.option(figure(50, 200)),
    seniorityMix: fc.option(fc.constantFrom({ junior: 1 }, { mid: 0.5, senior: 0.5 }, { junior: 0.25, mid: 0.75 })),
    framework: fc.constantFrom('django', 'flask'),
    builtInFeatures: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ team, ...project }) => parseProject({ ...project, ...team }));

const rates = fc.constantFrom(
  DOLLAR,
  ...[0.9, 0.95].map((perDollar) => ({ currency: 'EUR', perDollar, date: '2026-11-20', source: 'ECB' })),
  ...[150, 155.5].map((perDollar) => ({ currency: 'JPY', perDollar, date: '2026-11-20', source: 'ECB' })),
);

const ORDINARY: EstimateInput = {
  ...{ need: null, frameworkNeed: null, simulation: { draws: 100, seed: 1 }, project: parseProject({ hours: 2700, seats: 3 }) },
  ...{ assumptions: DEFAULT_ASSUMPTIONS, exchangeRate: DOLLAR },
  situation: { isWellDefined: false, isCoreProduct: false, keepsArchitect: false, startWithinMonths: null },
};

const inputs: fc.Arbitrary<EstimateInput> = fc
  .record({ project: projects, assumptions: overrides, exchangeRate: rates })
  .map((input) => ({ ...ORDINARY, ...input }))
  .filter((input) => isEstimated(input));

function isEstimated({ project, assumptions }: EstimateInput): boolean {
  try {
    estimateProject(project, assumptions);
    return true;
  } catch (error) {
    if (error instanceof EstimateInputError) return false;
    throw error;
  }
}

const explain = (before: EstimateInput, after: EstimateInput) =>
  explainDifference({ input: before, told: null }, { input: after, told: null });
const units = (amounts: readonly number[], decimals: number) =>
  amounts.reduce((sum, amount) => sum + Math.round(amount * 10 ** decimals), 0);

test('causes sum to the difference exactly, in any currency, and delivery months too', () => {
  fc.assert(
    fc.property(inputs, inputs, (before, after) => {
      const { models, currency, inputs: changed } = explain(before, after);
      const decimals = decimalsOf(currency);
      for (const { before: start, after: end, change, delivery, causes } of models) {
        const moved = causes.map((cause) => cause.change);
        expect(units(moved, decimals)).toBe(units([end], decimals) - units([start], decimals));
        expect(units(moved, decimals)).toBe(units([change], decimals));
        const months = causes.map(({ deliveryMonths }) => deliveryMonths);
        expect(units(months, 4)).toBe(units([delivery.after], 4) - units([delivery.before], 4));
        expect([...moved, ...months].every((amount) => Number.isFinite(amount) && !Object.is(amount, -0))).toBe(true);
        const known = changed.filter(({ effect }) => effect === 'amounts').map(({ inputId }) => inputId);
        expect(causes.every(({ inputId }) => known.includes(inputId) || inputId === 'all_inputs')).toBe(true);
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('both ends are the estimates themselves', () => {
  fc.assert(
    fc.property(inputs, inputs, (one, other) => {
      const [before, after] = [one, other].map((input) => ({ ...input, exchangeRate: DOLLAR })) as [EstimateInput, EstimateInput];
      const { models } = explain(before, after);
      const [start, end] = [before, after].map(({ project, assumptions }) => estimateProject(project, assumptions).models);
      expect(models.map((model) => [model.before, model.delivery.before])).toEqual(
        start?.map(({ total, deliveryMonths }) => [total, deliveryMonths]),
      );
      expect(models.map((model) => [model.after, model.delivery.after])).toEqual(
        end?.map(({ total, deliveryMonths }) => [total, deliveryMonths]),
      );
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

test('the other way round, every share has the other sign and the same amount', () => {
  fc.assert(
    fc.property(inputs, inputs, (before, after) => {
      const [there, back] = [explain(before, after), explain(after, before)];
      expect(back.models).toEqual(
        there.models.map(({ before: start, after: end, change, delivery, causes, ...rest }) => ({
          ...rest,
          ...{ before: end, after: start, change: 0 - change },
          delivery: { before: delivery.after, after: delivery.before, change: 0 - delivery.change },
          causes: causes.map((cause) => ({
            ...cause,
            ...{ change: 0 - cause.change, deliveryMonths: 0 - cause.deliveryMonths },
            ...(cause.inputId !== 'all_inputs' && { before: cause.after, after: cause.before }),
          })),
        })),
      );
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test('no cause for what did not change, and the order of assumptions does not matter', () => {
  fc.assert(
    fc.property(inputs, overrides, (before, assumptions) => {
      fc.pre(isEstimated({ ...before, assumptions }));
      const after = { ...before, assumptions: [...assumptions].reverse() };
      const difference = explain(before, after);
      const text = (list: EstimateInput['assumptions'], id: string) => {
        const found = list.find((assumption) => assumption.id === id);
        return JSON.stringify({
          ...found,
          overriddenBy: '',
          overrideReason: '',
          evidence: '',
          source: '',
          retrieved: '',
          replaces: '',
        });
      };
      for (const { inputId } of difference.inputs) {
        expect(text(before.assumptions, inputId)).not.toBe(text(assumptions, inputId));
      }
      expect(explain(before, { ...before, assumptions }).models).toEqual(difference.models);
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

test('an input that counts alike on both sides of every group gets the same share, whatever its name', () => {
  // Two factors of one product, vacancy cost and months beyond the tolerated delay, both doubled.
  const after = overrideAssumptions(
    DEFAULT_ASSUMPTIONS,
    [
      { id: 'vacancy_cost', value: 8000, reason: 'ours' },
      { id: 'C5', value: 7, reason: 'ours' },
    ],
    'someone@example.com',
  );
  const project = parseProject({ hours: 2700, seats: 3, models: ['in_house'] });
  const input: EstimateInput = { ...ORDINARY, project };
  const causes = explain(input, { ...input, assumptions: after }).models[0]?.causes;
  expect(causes?.map(({ inputId }) => inputId)).toEqual(['C5', 'vacancy_cost']);
  expect(causes?.[0]?.change).toBe(causes?.[1]?.change);
});

test('the ends of everything that an estimate may be are explained, too: exactly, finitely, and both ways', () => {
  const extreme = fc
    .record({ project: extremeProject, assumptions: extremeOverrides.map(overriddenBy), exchangeRate: rates })
    .map((input) => ({ ...ORDINARY, ...input }))
    .filter((input) => isEstimated(input));
  fc.assert(
    fc.property(extreme, fc.oneof(inputs, extreme), (before, after) => {
      const [there, back] = [explain(before, after), explain(after, before)];
      const decimals = decimalsOf(there.currency);
      for (const [index, { before: start, after: end, change, causes, delivery }] of there.models.entries()) {
        const moved = causes.map((cause) => cause.change);
        expect(units(moved, decimals)).toBe(units([end], decimals) - units([start], decimals));
        const months = causes.map(({ deliveryMonths }) => deliveryMonths);
        expect(units(months, 4)).toBe(units([delivery.after], 4) - units([delivery.before], 4));
        expect([...moved, ...months].every(Number.isFinite)).toBe(true);
        expect(back.models[index]?.change).toBe(0 - change);
        expect(back.models[index]?.causes.map((cause) => 0 - cause.change)).toEqual(moved);
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('mixtures that no amount can tell make one cause of all inputs', () => {
  const tiny = overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id: 'C1', value: 1e-9, reason: 'ours' }], 'someone@example.com');
  const before = { ...ORDINARY, project: parseProject({ hours: 1e9, seats: 10_000, models: ['freelance'] }), assumptions: tiny };
  const huge = overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id: 'C1', value: 1e9, reason: 'ours' }], 'someone@example.com');
  const after = { ...ORDINARY, project: parseProject({ hours: 1, seats: 1, models: ['freelance'] }), assumptions: huge };
  const { models, inputs: changed } = explain(before, after);
  expect(models[0]?.causes).toEqual([
    expect.objectContaining({ inputId: 'all_inputs', change: models[0]?.change, deliveryMonths: models[0]?.delivery.change }),
  ]);
  expect(changed.map(({ inputId, effect }) => [inputId, effect])).toEqual([
    ['C1', 'amounts'],
    ['project.hours', 'amounts'],
    ['project.seats', 'amounts'],
  ]);
});
