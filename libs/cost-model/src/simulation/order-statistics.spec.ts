import fc from 'fast-check';
import { placeRanks } from './order-statistics';
import { randomStream } from './random';

/** Ranks of every thousandth, and of the ends. */
function someRanks(length: number): number[] {
  return [...new Set([0, ...Array.from({ length: 9 }, (_, index) => Math.floor((index / 9) * length)), length - 1])];
}

function expectPlaced(values: Float64Array): void {
  const ranks = someRanks(values.length);
  const sorted = values.slice().sort();
  placeRanks(values, ranks);
  expect(ranks.map((rank) => values[rank])).toEqual(ranks.map((rank) => sorted[rank]));
  expect(values.sort()).toEqual(sorted);
}

test('ranks get the values that sorting gives them', () => {
  const next = randomStream(1, 'order');
  const kinds: readonly (() => number)[] = [next, () => Math.floor(next() * 3), () => 7];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(...kinds), (length, kind) =>
      expectPlaced(Float64Array.from({ length }, kind)),
    ),
    { numRuns: 100 },
  );
});

test.each([
  ['rising', (index: number) => index],
  ['falling', (index: number) => -index],
  ['rising and falling', (index: number) => -Math.abs(index - 50_000)],
  ['infinite at one end', (index: number) => (index % 2 === 0 ? Number.POSITIVE_INFINITY : index)],
])('%s values are placed too', (_, value) => {
  expectPlaced(Float64Array.from({ length: 100_000 }, (__, index) => value(index)));
});
