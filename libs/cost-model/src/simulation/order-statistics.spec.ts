import fc from 'fast-check';
import { valuesAtRanks } from './order-statistics';
import { randomStream } from './random';

/** Both ends, ranks beside each other, and some between. */
function someRanks(length: number): number[] {
  const between = Array.from({ length: 9 }, (_, index) => Math.floor((index / 9) * length));
  return [...new Set([0, ...between, ...between.map((rank) => rank + 1), length - 1])]
    .filter((rank) => rank < length)
    .sort((a, b) => a - b);
}

function expectAsSorted(values: Float64Array): void {
  const ranks = someRanks(values.length);
  const [given, sorted] = [values.slice(), values.slice().sort()];
  expect(valuesAtRanks(values, ranks)).toEqual(ranks.map((rank) => sorted[rank]));
  expect(values).toEqual(given);
}

test('ranks have the values that sorting gives them', () => {
  const next = randomStream(1, 'order');
  const kinds: readonly (() => number)[] = [
    next,
    () => Math.floor(next() * 3),
    () => 7,
    () => 1 / next(),
    () => 7 + 1e-15 * next(),
  ];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(...kinds), (length, kind) =>
      expectAsSorted(Float64Array.from({ length }, kind)),
    ),
    { numRuns: 100 },
  );
});

test.each([
  ['rising', (index: number) => index],
  ['falling below zero', (index: number) => -index],
  ['almost all the same beside one far away', (index: number) => (index === 17 ? 1e300 : index / 1e9)],
  ['infinite at one end', (index: number) => (index % 2 === 0 ? Number.POSITIVE_INFINITY : index)],
  ['so small that their range has no inverse', (index: number) => index * 5e-324],
])('%s', (_, value) => {
  expectAsSorted(Float64Array.from({ length: 100_000 }, (__, index) => value(index)));
});
