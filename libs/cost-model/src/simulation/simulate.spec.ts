import fc from 'fast-check';
import { anyProject, extremeOverrides, overriddenBy } from '../../fixtures/any-estimate';
import type { Assumption } from '../assumption';
import { AssumptionSet, isRange, pointOf } from '../assumption';
import { DEFAULT_ASSUMPTIONS } from '../default-assumptions';
import { estimateProject, evaluateModels } from '../estimate';
import { EstimateInputError } from '../input-error';
import { toCents } from '../money';
import { overrideAssumptions } from '../override-assumptions';
import { type Join, parseProject } from '../project';
import { lognormal, pert } from './distributions';
import { randomStream } from './random';
import { parseSimulationOptions, simulate } from './simulate';
import { tornadoOf } from './tornado';
import { withValue } from './uncertain-inputs';

const PROJECT = parseProject({ hours: 2700, seats: 3 });
const OPTIONS = { draws: 20_000, seed: 7 };

/** Half of the seats after `gap` months and one after twice that, or all together. */
function joinsOf(seats: number, gap: number | null): Join[] | null {
  if (gap === null || seats < 3) return null;
  const half = Math.floor((seats - 1) / 2);
  return [
    { month: 0, seats: seats - half - 1 },
    { month: gap, seats: half },
    { month: 2 * gap, seats: 1 },
  ];
}

/** Every range at its point, and effort as planned. */
function certain(assumptions: readonly Assumption[]): Assumption[] {
  const points = assumptions.map((each) =>
    isRange(each) ? { ...each, low: pointOf(each), mode: pointOf(each), high: pointOf(each) } : each,
  );
  return withValue(withValue(points, 'effort.ln_mean', 0), 'effort.ln_deviation', 0);
}

test('tells the share of draws that cost more than the point estimate, on the side of the percentiles on which it lies', () => {
  const point = estimateProject(PROJECT, DEFAULT_ASSUMPTIONS);
  for (const { model, cost, abovePoint } of simulate(PROJECT, DEFAULT_ASSUMPTIONS, OPTIONS).models) {
    const total = Number(point.models.find((each) => each.model === model)?.total);
    const [p10, p50, p90] = [cost.p10.value, cost.p50.value, cost.p90.value];
    const [least, most] = total < p10 ? [0.9, 1] : total < p50 ? [0.5, 0.9] : total < p90 ? [0.1, 0.5] : [0, 0.1];
    expect(abovePoint).toBeGreaterThanOrEqual(least);
    expect(abovePoint).toBeLessThanOrEqual(most);
  }
});

test('with nothing uncertain, every draw is the point estimate to the last digit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000 }),
      fc.integer({ min: 2, max: 30 }),
      fc.constantFrom(null, { junior: 0.2, mid: 0.5, senior: 0.3 }),
      fc.option(fc.double({ min: 0.1, max: 30, noNaN: true })),
      (hours, seats, seniorityMix, gap) => {
        const project = parseProject({ hours, seats, seniorityMix, joins: joinsOf(seats, gap) });
        const points = certain(DEFAULT_ASSUMPTIONS);
        const { models, pairs } = simulate(project, points, { draws: 100, seed: 1 });
        const estimate = estimateProject(project, points);
        for (const [index, { model, cost, abovePoint, delivery }] of models.entries()) {
          expect(abovePoint).toBe(0);
          const point = estimate.models[index];
          const { p10, p50, p90, mean } = cost;
          expect([p10.value, p50.value, p90.value, mean]).toEqual(Array(4).fill(p10.value));
          expect({ model, total: toCents(p50.value) }).toEqual({ model, total: point?.total });
          expect(delivery.p50.value).toBe(point?.intermediate.D);
        }
        expect(pairs.every(({ firstCheaper }) => [0, 0.5, 1].includes(firstCheaper))).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test('so it is for any project, figures and claims', () => {
  let compared = 0;
  fc.assert(
    fc.property(anyProject, extremeOverrides, (project, overrides) => {
      const points = certain(overriddenBy(overrides));
      try {
        const evaluated = evaluateModels(project, new AssumptionSet(points));
        for (const { model, cost, delivery } of simulate(project, points, { draws: 100, seed: 1 }).models) {
          const { total, intermediate } = evaluated[model].result;
          for (const [{ p10, p50, p90, mean }, point] of [
            [cost, total],
            [delivery, intermediate.D],
          ] as const)
            expect([model, p10.value, p50.value, p90.value, mean, p10.low, p90.high]).toEqual([model, ...Array(6).fill(point)]);
        }
        compared += 1;
      } catch (error) {
        if (!(error instanceof EstimateInputError)) throw error;
      }
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(50);
});

test('the same seed gives the same result, another seed one within the simulation error', () => {
  const first = simulate(PROJECT, DEFAULT_ASSUMPTIONS, OPTIONS);
  expect(simulate(PROJECT, DEFAULT_ASSUMPTIONS, OPTIONS)).toEqual(first);
  const other = simulate(PROJECT, DEFAULT_ASSUMPTIONS, { ...OPTIONS, seed: 8 });
  for (const [index, { cost }] of first.models.entries()) {
    const width = cost.p50.high - cost.p50.low;
    const again = other.models[index]?.cost.p50.value ?? 0;
    expect(again).not.toBe(cost.p50.value);
    expect(Math.abs(again - cost.p50.value)).toBeLessThan(width * 2);
  }
});

test('models that are added change no draw of the others', () => {
  const all = simulate(PROJECT, DEFAULT_ASSUMPTIONS, OPTIONS);
  const alone = simulate({ ...PROJECT, models: ['hybrid'] }, DEFAULT_ASSUMPTIONS, OPTIONS);
  const { histogram: _, ...cost } = alone.models[0]?.cost ?? { histogram: null };
  expect(all.models.find(({ model }) => model === 'hybrid')?.cost).toMatchObject(cost);
});

test('the mean of the cost is where arithmetic puts it when only effort is uncertain', () => {
  const points = certain(DEFAULT_ASSUMPTIONS).map((each) => {
    const effort = DEFAULT_ASSUMPTIONS.find(({ id }) => id === each.id);
    return each.id.startsWith('effort.') && effort ? effort : each;
  });
  const { models } = simulate({ ...PROJECT, models: ['freelance'] }, points, { draws: 200_000, seed: 3 });
  // Cost is affine in H and in X, and X in H: the mean of the cost is the cost of the mean.
  const meanEffort = Math.exp(0.2155 + 0.4113 ** 2 / 2);
  expect(meanEffort).toBeCloseTo(1.35, 3);
  // The surveys' other fact: 70% of projects overrun, so three in ten take no more than was planned.
  expect(lognormal(0.2155, 0.4113)(0.3)).toBeCloseTo(1, 3);
  const expected = estimateProject({ ...PROJECT, hours: PROJECT.hours * meanEffort }, points).models[0]?.total ?? 0;
  expect(Math.abs((models[0]?.cost.mean ?? 0) / expected - 1)).toBeLessThan(0.004);
});

test('the error of a percentile shrinks with the square root of the draws', () => {
  const width = (draws: number) => {
    const p50 = simulate(PROJECT, DEFAULT_ASSUMPTIONS, { draws, seed: 5 }).models[0]?.cost.p50;
    return (p50?.high ?? 0) - (p50?.low ?? 0);
  };
  const ratio = width(2_500) / width(40_000);
  expect(ratio).toBeGreaterThan(3);
  expect(ratio).toBeLessThan(5.3);
});

test('histograms count every draw in bins that all models share', () => {
  const { models } = simulate(PROJECT, DEFAULT_ASSUMPTIONS, OPTIONS);
  for (const { cost } of models) {
    const { counts, below, above, from, width } = cost.histogram;
    expect(counts.reduce((sum, count) => sum + count, 0) + below + above).toBe(OPTIONS.draws);
    expect([from, width]).toEqual([models[0]?.cost.histogram.from, models[0]?.cost.histogram.width]);
  }
});

test('claim C7 on the total makes the partner cheaper by the claim in every draw', () => {
  const claimed = overrideAssumptions(
    DEFAULT_ASSUMPTIONS,
    [{ id: 'C7', enabled: true, reading: 'total_cost', reason: 'their offer' }],
    'lead@example.com',
  );
  const { models, pairs } = simulate(PROJECT, claimed, OPTIONS);
  const cost = (wanted: string) => models.find(({ model }) => model === wanted)?.cost.p50.value ?? 0;
  expect(cost('staff_augmentation') / cost('in_house')).toBeCloseTo(0.59, 12);
  expect(pairs.find(({ models: [a, b] }) => a === 'in_house' && b === 'staff_augmentation')?.firstCheaper).toBe(0);
  const alone = simulate({ ...PROJECT, models: ['staff_augmentation'] }, claimed, OPTIONS);
  expect(alone.models[0]?.cost.p50).toEqual(models.find(({ model }) => model === 'staff_augmentation')?.cost.p50);
});

test('a team that ramps in costs the same but for the hybrid, and delivers later', () => {
  const project = parseProject({ hours: 2700, seats: 6 });
  const together = simulate(project, DEFAULT_ASSUMPTIONS, OPTIONS).models;
  const later = simulate({ ...project, joins: joinsOf(6, 4) }, DEFAULT_ASSUMPTIONS, OPTIONS).models;
  for (const [index, { model, cost, delivery }] of later.entries()) {
    const before = together[index] as (typeof together)[number];
    expect(delivery.p10.value).toBeGreaterThan(before.delivery.p10.value);
    if (model === 'hybrid') expect(cost.p50.value).toBeGreaterThan(before.cost.p50.value);
    // The same draws of the same formulas, in which the seat-months of people who may leave are summed in another order.
    else expect(cost.mean / before.cost.mean).toBeCloseTo(1, 9);
  }
});

test('bench and severance follow the salary, in every draw', () => {
  const kept = [
    { id: 'in_house.bench_months', value: 2, reason: 'the next project' },
    { id: 'in_house.severance_months', value: 1, reason: 'our contracts' },
    { id: 'hybrid.bench_months', value: 3, reason: 'the next project' },
  ];
  const project = { ...PROJECT, models: ['in_house', 'hybrid'] as const };
  const points = certain(DEFAULT_ASSUMPTIONS).map(
    (each) => DEFAULT_ASSUMPTIONS.find(({ id }) => id === 'C3' && id === each.id) ?? each,
  );
  const means = (assumptions: readonly Assumption[]) =>
    simulate(project, assumptions, { draws: 1000, seed: 1 }).models.map(({ cost }) => cost.mean);
  const [before, after] = [means(points), means(overrideAssumptions(points, kept, 'lead@example.com'))];
  const stream = randomStream(1, 'C3');
  const quantile = pert(85_700, 120_850, 156_000);
  const salary = Array.from({ length: 1000 }, () => quantile(stream())).reduce((sum, each) => sum + each / 1000, 0);
  // Three seats for two months at salary 1.2856 / 12 each, and a month of salary; the architect alone, whose salary is certain.
  expect((after[0] ?? 0) - (before[0] ?? 0)).toBeCloseTo(3 * ((2 * salary * 1.2856) / 12 + salary / 12), 4);
  expect((after[1] ?? 0) - (before[1] ?? 0)).toBeCloseTo((3 * 156_000 * 1.2856) / 12, 4);
});

test('only inputs that a model follows are told as varied', () => {
  const alone = simulate({ ...PROJECT, models: ['freelance'] }, DEFAULT_ASSUMPTIONS, { draws: 100, seed: 1 });
  expect(alone.varied).toEqual([
    'effort',
    'C1',
    'freelance.months_to_start',
    'freelance.ramp_months',
    'freelance.rework',
    'freelance.management',
  ]);
});

test('progress rises to 1', () => {
  const shares: number[] = [];
  simulate(PROJECT, DEFAULT_ASSUMPTIONS, { ...OPTIONS, onProgress: (share) => shares.push(share) });
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

test.each([
  [{ draws: 1e9 }, 'draws: must be a whole number from 100 to 1000000.'],
  [{ draws: 99 }, 'draws: must be a whole number from 100 to 1000000.'],
  [{ draws: 1000.5 }, 'draws: must be a whole number from 100 to 1000000.'],
  [{ draws: Number.NaN }, 'draws: must be a whole number from 100 to 1000000.'],
  [{ seed: -1 }, 'seed: must be a whole number from 0 to 4294967295.'],
  [{ seed: '1' }, 'seed: must be a whole number from 0 to 4294967295.'],
])('%j is refused', (input, message) => {
  expect(() => parseSimulationOptions(input)).toThrow(message);
});

describe('tornado', () => {
  test('moves each input alone, widest swing first', () => {
    for (const { model, total, bars } of tornadoOf(PROJECT, DEFAULT_ASSUMPTIONS)) {
      expect(bars.map(({ swing }) => swing)).toEqual(bars.map(({ swing }) => swing).sort((a, b) => b - a));
      expect(bars.length).toBeGreaterThan(3);
      // The default reading of the freelancers' rate is the top of its range; all else lies about the point.
      for (const { inputId, low, high } of bars)
        if (!['C1', 'effort'].includes(inputId) && model !== 'freelance')
          expect([low.total <= total + 0.01, total <= high.total + 0.01]).toEqual([true, true]);
    }
  });

  test('an input that a model does not use moves nothing of it', () => {
    const tornado = tornadoOf(PROJECT, DEFAULT_ASSUMPTIONS);
    const ids = (wanted: string) => tornado.find(({ model }) => model === wanted)?.bars.map(({ inputId }) => inputId) ?? [];
    expect(ids('in_house')).toContain('C3');
    expect(ids('freelance')).not.toContain('C3');
    expect(ids('hybrid')).toContain('partner_rate');
    expect(ids('in_house')).not.toContain('partner_rate');
  });

  test('claim C7 on the total ties the partner to the in-house team, to those who leave it too', () => {
    const claimed = overrideAssumptions(
      DEFAULT_ASSUMPTIONS,
      [{ id: 'C7', enabled: true, reading: 'total_cost', reason: 'their offer' }],
      'lead@example.com',
    );
    const tornado = tornadoOf(PROJECT, claimed);
    const bars = (wanted: string) => tornado.find(({ model }) => model === wanted)?.bars ?? [];
    for (const { inputId, low, high, swing } of bars('in_house')) {
      const same = bars('staff_augmentation').find((bar) => bar.inputId === inputId);
      expect(same?.swing).toBeCloseTo(0.59 * swing, 6);
      expect([same?.low.value, same?.high.value]).toEqual([low.value, high.value]);
    }
    expect(bars('in_house').some(({ inputId }) => inputId === 'exits')).toBe(true);
    const rate = bars('staff_augmentation').find(({ inputId }) => inputId === 'partner_rate');
    expect(rate).toBeUndefined();
  });

  test('of a team that ramps in has each end where the estimate has it', () => {
    const project = { ...PROJECT, joins: joinsOf(3, 2) };
    for (const { model, bars } of tornadoOf(project, DEFAULT_ASSUMPTIONS)) {
      for (const { inputId, high } of bars.filter(({ inputId }) => inputId !== 'exits')) {
        const [moved, assumptions] =
          inputId === 'effort'
            ? [{ ...project, hours: project.hours * high.value }, DEFAULT_ASSUMPTIONS]
            : [project, withValue(DEFAULT_ASSUMPTIONS, inputId, high.value)];
        const estimated = estimateProject(moved, assumptions).models.find((each) => each.model === model);
        expect([toCents(high.total), high.deliveryMonths]).toEqual([estimated?.total, estimated?.deliveryMonths]);
      }
    }
  });

  test('effort at its tenth percentile is less than planned, at its ninetieth far more', () => {
    const bar = tornadoOf(PROJECT, DEFAULT_ASSUMPTIONS)[0]?.bars.find(({ inputId }) => inputId === 'effort');
    expect(bar?.low.value).toBeCloseTo(Math.exp(0.2155 - 1.2815515655446004 * 0.4113), 12);
    expect(bar?.high.value).toBeCloseTo(Math.exp(0.2155 + 1.2815515655446004 * 0.4113), 12);
  });
});
