import fc from 'fast-check';
import { type Calibration, calibrate, type Outcome } from './calibration';
import { positionOf } from './calibration-position';
import { describeCalibration } from './calibration-words';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { parseProject } from './project';
import { randomStream } from './simulation/random';
import { type ModelSimulation, simulate } from './simulation/simulate';

/** Uniform from 50 to 150 by 100 draws; nobody foresaw anything outside. */
const EVEN = { p10: 60, p50: 100, p90: 140, histogram: { from: 50, width: 10, counts: Array(10).fill(10), below: 0, above: 0 } };

let made = 0;
function outcome(actual: number, fields: Partial<Outcome> = {}): Outcome {
  made += 1;
  return { estimateId: `estimate-${made}`, model: 'freelance', estimated: 100, distribution: EVEN, actual, ...fields };
}
const many = (count: number, actual: number): Outcome[] => Array.from({ length: count }, () => outcome(actual));
const ofFreelance = (outcomes: readonly Outcome[]) => calibrate(outcomes).find(({ model }) => model === 'freelance');

describe('errors', () => {
  test('are counted by hand', () => {
    const outcomes = [outcome(90), outcome(120), outcome(150), outcome(200)];
    const freelance = ofFreelance(outcomes);
    // -0.1, 0.2, 0.5, 1: mean 0.4; sizes 0.1, 0.2, 0.5, 1: mean 0.45, median 0.35.
    expect(freelance?.meanError).toBeCloseTo(0.4, 12);
    expect(freelance?.meanAbsoluteError).toBeCloseTo(0.45, 12);
    expect(freelance?.medianAbsoluteError).toBeCloseTo(0.35, 12);
    // scipy 1.17.1: stats.t.interval(0.95, 3, 0.4, stats.sem([-0.1, 0.2, 0.5, 1]))
    expect(freelance?.meanErrorInterval?.[0]).toBeCloseTo(-0.3463498152547274, 12);
    expect(freelance?.meanErrorInterval?.[1]).toBeCloseTo(1.1463498152547276, 12);
    expect(freelance?.estimateIds).toEqual(outcomes.map(({ estimateId }) => estimateId));
  });

  test('of one outcome have no interval', () => {
    expect(ofFreelance([outcome(90)])).toMatchObject({
      outcomes: 1,
      meanErrorInterval: null,
      medianAbsoluteError: expect.closeTo(0.1),
    });
  });

  test('are told of all together, then of each model that has outcomes', () => {
    const outcomes = [outcome(90), outcome(130, { model: 'in_house' })];
    expect(calibrate(outcomes).map(({ model, outcomes: count }) => [model, count])).toEqual([
      [null, 2],
      ['freelance', 1],
      ['in_house', 1],
    ]);
    expect(calibrate(outcomes)[0]?.meanError).toBeCloseTo(0.1, 12);
    expect(calibrate([])).toEqual([]);
  });
});

describe('bands', () => {
  test('count both tails, ends included inside', () => {
    const bands = ofFreelance([outcome(59), outcome(60), outcome(100), outcome(140), outcome(141), outcome(500)])?.bands;
    expect(bands).toMatchObject({
      outcomes: 6,
      inside: { count: 3, share: 0.5 },
      below: { count: 1, share: 1 / 6 },
      above: { count: 2, share: 1 / 3 },
      aboveMedian: { count: 3, share: 0.5 },
      tenths: [1, 1, 0, 0, 0, 1, 0, 0, 0, 3],
    });
  });

  test('are not judged by an estimate that had none', () => {
    const freelance = ofFreelance([outcome(90), outcome(90, { distribution: null })]);
    expect(freelance).toMatchObject({ outcomes: 2, bands: { outcomes: 1 } });
    expect(freelance?.bands.estimateIds).toEqual(freelance?.estimateIds.slice(0, 1));
    expect(ofFreelance([outcome(90, { distribution: null })])?.bands).toMatchObject({
      outcomes: 0,
      inside: { count: 0, share: null, interval: [0, 1] },
      verdict: 'too_early',
      tails: 'too_early',
    });
  });

  test.each([
    ['nine outside', many(9, 300), 'too_early', 'too_early'],
    ['ten above', many(10, 300), 'too_narrow', 'estimates_too_low'],
    ['ten below', many(10, 10), 'too_narrow', 'estimates_too_high'],
    ['five below and five above', [...many(5, 10), ...many(5, 300)], 'too_narrow', 'both_tails'],
    ['eight of ten inside', [...many(8, 100), outcome(10), outcome(300)], 'not_refuted', 'not_refuted'],
    // P(4 or more of 10 beyond P90) = 0.0128, P(3 or more) = 0.07.
    ['four of ten above', [...many(6, 100), ...many(4, 300)], 'not_refuted', 'estimates_too_low'],
    ['three of ten above', [...many(7, 100), ...many(3, 300)], 'not_refuted', 'not_refuted'],
    ['15 of 15 inside', many(15, 100), 'not_refuted', 'not_refuted'],
    ['16 of 16 inside', many(16, 100), 'too_wide', 'not_refuted'],
  ])('%s: %#', (_, outcomes, verdict, tails) => {
    expect(ofFreelance(outcomes)?.bands).toMatchObject({ verdict, tails });
  });
});

describe('the position of an actual in what was foretold', () => {
  test.each([
    [50, 0],
    [55, 0.05],
    [60, 0.1],
    [77, 0.27],
    [140, 0.9],
    [150, 1],
    [10, 0],
    [1000, 1],
  ])('%d is at %d', (actual, position) => {
    expect(positionOf(actual, EVEN)).toBeCloseTo(position, 12);
  });

  test('agrees with the percentiles where the bins are coarser', () => {
    const coarse = { p10: 20, p50: 50, p90: 80, histogram: { from: 0, width: 100, counts: [100], below: 0, above: 0 } };
    expect(positionOf(19.9, coarse)).toBeLessThan(0.1);
    expect(positionOf(20, coarse)).toBe(0.1);
    expect(positionOf(80.1, coarse)).toBeGreaterThan(0.9);
    expect(positionOf(65, coarse)).toBeCloseTo(0.7, 12);
  });

  test('in the tails beside the histogram is the middle of the tail', () => {
    const tailed = { ...EVEN, histogram: { ...EVEN.histogram, below: 2, above: 4 } };
    expect(positionOf(1, tailed)).toBeCloseTo(1 / 106, 12);
    expect(positionOf(999, tailed)).toBeCloseTo(1 - 2 / 106, 12);
  });

  test('of a certain figure is below, at or above it', () => {
    const certain = { p10: 5, p50: 5, p90: 5, histogram: { from: 5, width: 0, counts: [9], below: 0, above: 0 } };
    expect([4, 5, 6].map((actual) => positionOf(actual, certain))).toEqual([0.05, 0.5, 0.95]);
  });
});

describe('in words', () => {
  const told = (outcomes: readonly Outcome[]) => describeCalibration(ofFreelance(outcomes) as Calibration, 'cost');

  test('says what was missed, where outcomes lay, and what follows', () => {
    expect(told([...many(6, 100), ...many(4, 300)])).toBe(
      'Freelance, cost, 10 outcomes. Actuals were 80% more than estimated on average (95% interval +6% to +154%); half of the estimates ' +
        'missed by 0% or more. 6 of 10 lay from P10 to P90 (80% should), 0 below and 4 above (10% each should). The outcomes do not ' +
        'refute the bands: the 95% interval of that share, 31% to 83%, holds 80%. More lay above P90 than chance explains: the estimates ' +
        'are too low.',
    );
  });

  test('says when it is too early, and when there was no band', () => {
    expect(told([outcome(90)])).toBe(
      'Freelance, cost, 1 outcome. Actuals were 10% less than estimated on average; half of the estimates missed by 10% or more. 1 of 1 lay ' +
        'from P10 to P90 (80% should), 0 below and 0 above (10% each should). It is too early to judge the bands: 10 outcomes are needed.',
    );
    expect(told([outcome(90, { distribution: null })])).toContain('no bands to judge');
    expect(told(many(12, 10))).toContain(
      'too narrow: the 95% interval of that share, 0% to 24%, lies below 80%. More lay below P10',
    );
    expect(told(many(20, 100))).toContain('too wide');
    expect(describeCalibration(calibrate(many(2, 100))[0] as Calibration, 'delivery')).toContain(
      'All models together, delivery, 2',
    );
  });
});

describe('held against the model itself', () => {
  const project = parseProject({ hours: 2700, seats: 3, models: ['freelance'] });
  const simulated = (seed: number) =>
    simulate(project, DEFAULT_ASSUMPTIONS, { draws: 20_000, seed }).models[0] as ModelSimulation;
  const [foretold, happening] = [simulated(1), simulated(2)];

  /** Actuals as another seed draws them, each stretched about the median. */
  function drawn(figure: 'cost' | 'delivery', count: number, stretch: number): Outcome[] {
    const { p10, p50, p90, histogram } = foretold[figure];
    const { from, width, counts, below, above } = happening[figure].histogram;
    // The tails that a histogram only counts are as if they were a bin further out.
    const bins = [below, ...counts, above];
    const random = randomStream(7, 'actuals');
    return Array.from({ length: count }, () => {
      let left = random() * bins.reduce((sum, each) => sum + each, 0);
      let bin = 0;
      while (left >= (bins[bin] as number)) {
        left -= bins[bin] as number;
        bin += 1;
      }
      const value = from + (bin - 1 + random()) * width;
      return outcome(p50.value + stretch * (value - p50.value), {
        estimated: p50.value,
        distribution: { p10: p10.value, p50: p50.value, p90: p90.value, histogram },
      });
    });
  }

  test.each(['cost', 'delivery'] as const)('bands of %s that are right hold about 80%% and are not refuted', (figure) => {
    const bands = ofFreelance(drawn(figure, 1000, 1))?.bands;
    expect(bands?.verdict).toBe('not_refuted');
    expect(bands?.tails).toBe('not_refuted');
    expect(bands?.inside.share).toBeGreaterThan(0.77);
    expect(bands?.inside.share).toBeLessThan(0.83);
    for (const tenth of bands?.tenths ?? []) expect(Math.abs(tenth - 100)).toBeLessThan(40);
  });

  test('bands that are too narrow or too wide are found', () => {
    expect(ofFreelance(drawn('cost', 60, 2.5))?.bands.verdict).toBe('too_narrow');
    expect(ofFreelance(drawn('cost', 60, 0.4))?.bands.verdict).toBe('too_wide');
  });

  test('positions rise with the actual and agree with the percentiles', () => {
    const { p10, p50, p90, histogram } = foretold.cost;
    const distribution = { p10: p10.value, p50: p50.value, p90: p90.value, histogram };
    const actual = fc.double({ min: 1e5, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(actual, actual, (one, other) => {
        const [lower, upper] = [Math.min(one, other), Math.max(one, other)].map((each) => positionOf(each, distribution)) as [
          number,
          number,
        ];
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(upper);
        expect(upper).toBeLessThanOrEqual(1);
        expect(positionOf(one, distribution) < 0.1).toBe(one < p10.value);
        expect(positionOf(one, distribution) > 0.9).toBe(one > p90.value);
      }),
      { numRuns: 500 },
    );
  });

  test('right bands are refuted as rarely as the rule says', () => {
    const all = drawn('cost', 4000, 1);
    const verdicts = Array.from({ length: 400 }, (_, turn) => ofFreelance(all.slice(turn * 10, turn * 10 + 10))?.bands.verdict);
    // 3.3% of 400 are 13; more than 26 has a probability below 0.1%.
    expect(verdicts.filter((verdict) => verdict !== 'not_refuted').length).toBeLessThan(27);
  });
});
