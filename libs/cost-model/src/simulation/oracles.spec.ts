import oracles from '../../fixtures/simulation-oracles.json';
import { DEFAULT_ASSUMPTIONS } from '../default-assumptions';
import { parseProject } from '../project';
import { lognormal, pert, poissonQuantile, triangular } from './distributions';
import { simulate } from './simulate';
import type { Distribution } from './summary';

// Figures of scipy and of ten million draws of numpy, by bench/numpy/oracles.py.
const { shares, ...quantiles } = oracles.quantiles;

/** By more than this, two simulations differ once in some 15,000 comparisons by chance; with this seed none of them does. */
const MOST_ERRORS = 4;
const OPTIONS = { draws: 100_000, seed: 20_261_123 };

test.each(quantiles.pert)('PERT over $range has the quantiles of scipy', ({ range, values }) => {
  const [low = 0, mode = 0, high = 0] = range;
  const quantile = pert(low, mode, high);
  for (const [index, share] of shares.entries()) {
    const isShown = share >= 0.01 && share <= 0.99;
    const error = Math.abs(quantile(share) - (values[index] ?? 0)) / (high - low);
    expect({ share, isClose: error < (isShown ? 3e-6 : 3e-4) }).toEqual({ share, isClose: true });
  }
});

test.each(quantiles.triangular)('triangular over $range has the quantiles of scipy', ({ range, values }) => {
  const [low = 0, mode = 0, high = 0] = range;
  const quantile = triangular(low, mode, high);
  for (const [index, share] of shares.entries())
    expect(Math.abs(quantile(share) - (values[index] ?? 0))).toBeLessThan(1e-12 * (high - low) + 1e-15 * high);
});

test('lognormal has the quantiles of scipy', () => {
  const [mean = 0, deviation = 0] = quantiles.lognormal.parameters;
  for (const [index, share] of shares.entries())
    expect(lognormal(mean, deviation)(share) / (quantiles.lognormal.values[index] ?? 0)).toBeCloseTo(1, 13);
});

test.each(quantiles.poisson)('Poisson of mean $mean has the quantiles of scipy', ({ mean, values }) => {
  expect(shares.map((share) => poissonQuantile(share, mean))).toEqual(values);
});

describe.each(oracles.simulations)('the default assumptions, $project', ({ project, models, pairs }) => {
  const simulation = simulate(parseProject(project), DEFAULT_ASSUMPTIONS, OPTIONS);

  test.each(simulation.models)('$model costs and takes what numpy draws', ({ model, cost, delivery }) => {
    const expected = models[model];
    for (const [figure, oracle] of [[cost, expected.cost] as const, [delivery, expected.delivery] as const]) {
      const errors = [
        standardErrors(figure.mean, oracle.deviation / Math.sqrt(OPTIONS.draws), oracle.mean),
        ...(['p10', 'p50', 'p90'] as const).map((name) => percentileErrors(figure, name, oracle[name])),
      ];
      expect(errors.filter((error) => Math.abs(error) > MOST_ERRORS)).toEqual([]);
    }
  });

  test.each(pairs)('P($models) is that of numpy', ({ models: [first, second], firstCheaper }) => {
    const own = simulation.pairs.find((pair) => pair.models[0] === first && pair.models[1] === second);
    const spread = Math.sqrt(firstCheaper * (1 - firstCheaper));
    const error = ((own?.firstCheaper ?? 0) - firstCheaper) / (spread * Math.hypot(OPTIONS.draws ** -0.5, 1e7 ** -0.5));
    expect(Math.abs(error)).toBeLessThan(MOST_ERRORS);
  });
});

test('of 200 seeds, about 95% have the true percentile in their 95% interval', () => {
  const [{ project, models } = { project: {}, models: null }] = oracles.simulations;
  const hits = { p10: 0, p50: 0, p90: 0 };
  for (let seed = 0; seed < 200; seed += 1) {
    const [found] = simulate({ ...parseProject(project), models: ['in_house'] }, DEFAULT_ASSUMPTIONS, {
      draws: 1000,
      seed,
    }).models;
    for (const name of ['p10', 'p50', 'p90'] as const) {
      const { low, high } = found?.cost[name] ?? { low: 0, high: 0 };
      const truth = models?.in_house.cost[name][0] ?? 0;
      if (low <= truth && truth <= high) hits[name] += 1;
    }
  }
  // 95% of 600; four standard errors of a binomial number are 21.
  expect(Math.abs(hits.p10 + hits.p50 + hits.p90 - 570)).toBeLessThanOrEqual(21);
});

function percentileErrors(figure: Distribution, name: 'p10' | 'p50' | 'p90', oracle: readonly number[]): number {
  const { value, low, high } = figure[name];
  return standardErrors(value, (high - low) / (2 * 1.96), oracle);
}

function standardErrors(own: number, ownError: number, [value = 0, error = 0]: readonly number[]): number {
  return (own - value) / Math.hypot(ownError, error);
}
