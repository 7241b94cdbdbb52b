import fc from 'fast-check';
import { sharesOf, spreadUnits } from './money-shares';

test('cents that are left go to those that lost most', () => {
  expect(sharesOf(1, [1 / 3, 1 / 3, 1 / 3])).toEqual([0.34, 0.33, 0.33]);
  expect(sharesOf(100, [33.333, 33.333, 33.334], 0)).toEqual([33, 33, 34]);
  expect(sharesOf(0.001, [0.0005, 0.0005], 3)).toEqual([0.001, 0]);
  expect(sharesOf(-1, [-0.5, -0.5])).toEqual([-0.5, -0.5]);
});

test('whole units are spread by weight', () => {
  expect(spreadUnits(10, [1, 1, 1])).toEqual([3, 4, 3]);
  expect(spreadUnits(5, [0, 2, 0, 3, 0])).toEqual([0, 2, 0, 3, 0]);
  expect(spreadUnits(0, [0, 1])).toEqual([0, 0]);
});

test('parts sum to the whole, none is negative, each is within one of its share', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e15 - 1 }),
      fc
        .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 240 })
        .filter((weights) => weights.some((weight) => weight > 1e-6)),
      (units, weights) => {
        const parts = spreadUnits(units, weights);
        const all = weights.reduce((sum, weight) => sum + weight, 0);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(units));
        // Beside one unit of rounding, what doubles lose of 1e15.
        const allowed = 1.001 + units * 1e-13;
        for (const [index, part] of parts.entries()) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(Math.abs(part - (units * (weights[index] as number)) / all)).toBeLessThanOrEqual(allowed);
        }
      },
    ),
  );
});
