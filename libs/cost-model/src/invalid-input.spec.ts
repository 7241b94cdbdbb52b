import fc from 'fast-check';
import { anyJoins, anyNumber } from '../fixtures/any-estimate';
import { isRange } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { type Allowed, EstimateInputError } from './input-error';
import { assertAssumptions, overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';
import { parseSimulationOptions } from './simulation/simulate';
import { withValue } from './simulation/uncertain-inputs';

/** The fields that are named as at fault. */
function namedBy(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    for (const { message } of error.problems) expect(message).toMatch(/^\S.*\.$/);
    return error.problems.map(({ path }) => path);
  }
  return [];
}

const neverNumbers = fc.constantFrom<unknown>(
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '3', '', true, [], {}, [1], { value: 1 }],
);
const below = (most: number) =>
  fc.double({ min: -1e12, max: most, maxExcluded: true, noNaN: true }).filter((value) => value < most);
const above = (least: number) => fc.double({ min: least, max: 1e300, minExcluded: true, noNaN: true });

/** Anything that a field of this kind does not take. */
function wrongNumber(allowed: Allowed): fc.Arbitrary<unknown> {
  const tooLarge = allowed === 'share' || allowed === 'share_below_one' ? above(1) : above(1e9);
  const atEnd: Partial<Record<Allowed, number>> = { positive: 0, share_below_one: 1 };
  const ends = Object.hasOwn(atEnd, allowed) ? [fc.constant(atEnd[allowed])] : [];
  return fc.oneof(neverNumbers, tooLarge, below(allowed === 'any' ? -1e9 : 0), ...ends);
}

const wrongWhole = (least: number, most: number) =>
  fc.oneof(
    neverNumbers,
    fc.integer({ min: -1e6, max: least - 1 }),
    fc.integer({ min: most + 1, max: 1e15 }),
    fc.double({ min: least, max: most, noNaN: true }).filter((value) => !Number.isInteger(value)),
  );
const wrongRecord = fc.constantFrom<unknown>(3, 'x', true, [], [{}]);
const unknownKey = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((key) => !/^(__proto__|month|seats|junior|mid|senior)$/.test(key));

/** A project that is right but for one thing, and the field that must be named. */
const oneWrong: fc.Arbitrary<{ readonly input: object; readonly path: string }> = anyJoins.chain(({ joins, seats }) => {
  const good = { hours: 100, seats, joins, seniorityMix: { mid: 1 } };
  const put = (field: string, wrong: fc.Arbitrary<unknown>) =>
    wrong.map((value) => ({ input: { ...good, [field]: value }, path: `project.${field}` }));
  const putJoin = (field: 'month' | 'seats', wrong: fc.Arbitrary<unknown>) =>
    fc.tuple(fc.nat(joins.length - 1), wrong).map(([at, value]) => ({
      input: { ...good, joins: joins.map((join, index) => (index === at ? { ...join, [field]: value } : join)) },
      path: `project.joins.${at}.${field}`,
    }));
  return fc.oneof(
    put('hours', wrongNumber('positive')),
    put('seats', wrongWhole(1, 10_000)),
    put('hoursPerMonth', wrongNumber('positive')),
    put('framework', fc.constantFrom<unknown>('rails', '', 3, {}, true)),
    put('builtInFeatures', wrongWhole(0, 6)),
    put('models', fc.constantFrom<unknown>([], 'freelance', {}, 3)),
    put('seniorityMix', fc.constantFrom<unknown>(3, 'x', { junior: 0.5, mid: 0.6 }, {}, { senior: 0.999 })),
    put('joins', fc.constantFrom<unknown>([], 'later', {}, 3, Array(121).fill({ month: 0, seats: 1 }))),
    fc.integer({ min: 1, max: 100 }).map((more) => ({ input: { ...good, seats: seats + more }, path: 'project.joins' })),
    putJoin('month', fc.oneof(neverNumbers, below(0), above(1200))),
    putJoin('seats', wrongWhole(1, 10_000)),
    fc.nat(joins.length - 2).map((at) => ({
      input: { ...good, joins: joins.map((join, index) => (index === at + 1 ? { ...join, month: joins[at]?.month } : join)) },
      path: `project.joins.${at + 1}.month`,
    })),
    fc.tuple(fc.nat(joins.length - 1), wrongRecord).map(([at, value]) => ({
      input: { ...good, joins: joins.map((join, index) => (index === at ? value : join)) },
      path: `project.joins.${at}`,
    })),
    fc.constantFrom('junior', 'mid', 'senior').chain((seniority) =>
      wrongNumber('share').map((value) => ({
        input: { ...good, seniorityMix: { [seniority]: value } },
        path: `project.seniorityMix.${seniority}`,
      })),
    ),
    unknownKey
      .filter((key) => !Object.hasOwn(parseProject(good), key))
      .map((key) => ({ input: { ...good, [key]: 1 }, path: `project.${key}` })),
    unknownKey.map((key) => ({ input: { ...good, joins: [{ ...joins[0], [key]: 1 }] }, path: `project.joins.0.${key}` })),
  );
});

test('a project with one wrong field is refused naming that field', () => {
  fc.assert(
    fc.property(oneWrong, ({ input, path }) => {
      expect(namedBy(() => parseProject(input))).toContain(path);
    }),
    { numRuns: 3000 },
  );
});

const REASON = { reason: 'a property' };

test.each(DEFAULT_ASSUMPTIONS.map((assumption) => [assumption.id, assumption] as const))(
  'a wrong figure of %s is refused naming it, whether overridden or stored',
  (id, assumption) => {
    const fields = isRange(assumption) ? ['value', 'low', 'mode', 'high'] : ['value'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), wrongNumber(assumption.allowed), (field, value) => {
        const override = { id, ...REASON, [field]: value };
        expect(namedBy(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, [override], 'tester'))).toContain(`assumptions.0.${field}`);
        if (typeof value !== 'number') return;
        const stored = withValue(DEFAULT_ASSUMPTIONS, id, value);
        const paths = isRange(assumption) ? ['low', 'mode', 'high'] : ['value'];
        expect(namedBy(() => assertAssumptions(stored))).toEqual(
          expect.arrayContaining(paths.map((path) => `assumptions.${id}.${path}`)),
        );
      }),
      { numRuns: 60 },
    );
  },
);

test('ranges out of order are refused naming the assumption', () => {
  const ranges = DEFAULT_ASSUMPTIONS.filter(isRange);
  fc.assert(
    fc.property(fc.constantFrom(...ranges), anyNumber('positive'), anyNumber('positive'), ({ id }, one, other) => {
      fc.pre(one !== other);
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      for (const [a, b, c] of [
        [high, high, low],
        [high, low, low],
        [low, high, low],
        [high, low, high],
      ]) {
        const override = { id, ...REASON, low: a, mode: b, high: c };
        expect(namedBy(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, [override], 'tester'))).toEqual(['assumptions.0']);
      }
    }),
    { numRuns: 200 },
  );
});

test('an override without a reason, or that is none, is refused naming it', () => {
  const wrong = fc.constantFrom<unknown>(undefined, '', '  ', 3, null, 'x'.repeat(501));
  fc.assert(
    fc.property(fc.constantFrom(...DEFAULT_ASSUMPTIONS), wrong, ({ id, allowed, role }, reason) => {
      const change = role === 'claim' ? { enabled: true } : { value: allowed.startsWith('share') ? 0.5 : 2 };
      expect(namedBy(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id, ...change, reason }], 'tester'))).toEqual([
        'assumptions.0.reason',
      ]);
      expect(namedBy(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id, ...REASON }], 'tester'))).toEqual(['assumptions.0']);
    }),
    { numRuns: 200 },
  );
  expect(namedBy(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, [3], 'tester'))).toContain('assumptions.0');
});

test('a wrong number of draws or seed is refused naming it', () => {
  fc.assert(
    fc.property(wrongWhole(100, 1_000_000), wrongWhole(0, 0xffff_ffff), (draws, seed) => {
      expect(namedBy(() => parseSimulationOptions({ draws }))).toEqual(['draws']);
      if (typeof seed !== 'number' || seed < 0 || !Number.isInteger(seed))
        expect(namedBy(() => parseSimulationOptions({ seed }))).toEqual(['seed']);
    }),
    { numRuns: 300 },
  );
});

test('a claim that was switched on without a reason is refused, by its name', () => {
  for (const { id } of DEFAULT_ASSUMPTIONS.filter(({ role }) => role === 'claim')) {
    const switched = DEFAULT_ASSUMPTIONS.map((each) => (each.id === id ? { ...each, enabled: true } : each));
    expect(namedBy(() => estimateProject(parseProject({ hours: 1, seats: 1 }), switched))).toEqual([`assumptions.${id}.enabled`]);
  }
});
