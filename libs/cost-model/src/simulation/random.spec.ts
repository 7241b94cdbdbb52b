import { DEFAULT_ASSUMPTIONS } from '../default-assumptions';
import { HIRING_MODELS, parseProject } from '../project';
import { randomBlocks, randomStream } from './random';
import { uncertainInputs } from './uncertain-inputs';

const DRAWS = 20_000;
/** Every stream of an estimate. */
const NAMES = [
  'effort',
  ...uncertainInputs(parseProject({ hours: 1, seats: 1 }), DEFAULT_ASSUMPTIONS).map(({ id }) => id),
  ...HIRING_MODELS.map((model) => `exits ${model}`),
];
const SEEDS = [0, 1, 2, 4_294_967_295];

function draw(seed: number, name: string): Float64Array {
  const values = new Float64Array(DRAWS);
  randomBlocks(seed, name)(values, DRAWS);
  return values;
}

/** Chi-squared over 64 equal cells, as a deviate that is about normal. */
function unevenness(values: Iterable<number>): number {
  const counts = new Array<number>(64).fill(0);
  let all = 0;
  for (const value of values) {
    const cell = Math.floor(value * 64);
    counts[cell] = (counts[cell] ?? 0) + 1;
    all += 1;
  }
  const expected = all / 64;
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chiSquared - 63) / Math.sqrt(2 * 63);
}

/** Correlation of two uniforms in its own standard errors. */
function correlation(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < DRAWS; index += 1) sum += ((a[index] as number) - 0.5) * ((b[index] as number) - 0.5);
  return (12 * sum) / Math.sqrt(DRAWS);
}

test('one at a time and many at a time are the same numbers', () => {
  const [stream, fill, block] = [randomStream(9, 'x'), randomBlocks(9, 'x'), new Float64Array(70)];
  fill(block, 50);
  fill(block.subarray(50), 20);
  expect([...block]).toEqual(Array.from({ length: 70 }, stream));
});

test.each(SEEDS)('the streams of seed %i are uniform, and none follows another', (seed) => {
  const streams = NAMES.map((name) => draw(seed, name));
  const unevennesses = streams.map(unevenness);
  const correlations = streams.flatMap((first, index) => streams.slice(index + 1).map((second) => correlation(first, second)));
  // Some 250 pairs: beyond 4.5 one of them lies by chance once in 600 times.
  expect(Math.max(...unevennesses)).toBeLessThan(4.5);
  expect(Math.max(...correlations.map(Math.abs))).toBeLessThan(4.5);
});

test('neighbouring seeds begin far apart, and follow each other in nothing', () => {
  const firsts = Float64Array.from({ length: DRAWS }, (_, seed) => randomStream(seed, 'effort')());
  expect(unevenness(firsts)).toBeLessThan(4.5);
  const nexts = firsts.map((_, seed) => firsts[(seed + 1) % DRAWS] as number);
  expect(Math.abs(correlation(firsts, nexts))).toBeLessThan(4.5);
  expect(Math.abs(correlation(draw(1, 'effort'), draw(2, 'effort')))).toBeLessThan(4.5);
});
