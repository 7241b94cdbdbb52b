import { unitsOf } from '@assay/cost-model/currency';
import { sql } from './support/sql';
import { startTestApi, type TestApi } from './support/test-api';
import type { TestClient } from './support/test-client';

let api: TestApi;
let manager: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  manager = await api.signIn('recruiter');
  for (const [currency, perDollar] of [
    ['EUR', 0.87],
    ['JPY', 151.3],
    ['KWD', 0.3071],
    ['IDR', 16_411.5],
  ]) {
    await manager.post('/exchange-rates', { currency, perDollar, date: '2026-11-02', source: 'A bank' }).expect(201);
  }
});
afterAll(() => api.close());

const PROJECT = { hours: 2700, seats: 3 };
const FEW = { draws: 1_000 };
const NEED = { role: 'Senior Django developer', seats: 3, scope: { teamSize: 3, months: 6 } };

interface Answer {
  readonly id: string;
  readonly models: readonly {
    readonly total: number;
    readonly costBand: Readonly<Record<string, number>>;
    readonly breakdown: Readonly<Record<string, number>>;
    readonly cashFlow: readonly { readonly cost: Readonly<Record<string, number>>; readonly total: number }[];
    readonly [field: string]: unknown;
  }[];
  readonly [field: string]: unknown;
}

async function estimate(input: object): Promise<Answer> {
  return (await manager.post('/estimates', { simulation: FEW, ...input }).expect(201)).body;
}

describe('a hiring need', () => {
  it('is estimated like the project that it comes to', async () => {
    const asked = await estimate({
      need: { ...NEED, seniorityMix: { mid: 0.5, senior: 0.5 }, situation: { isCoreProduct: true } },
    });
    const same = await estimate({
      project: { ...PROJECT, seniorityMix: { mid: 0.5, senior: 0.5 } },
      situation: { isCoreProduct: true },
    });
    expect(asked.need).toEqual(NEED);
    expect(same.need).toBeNull();
    expect(asked.project).toEqual(same.project);
    expect(asked.models).toEqual(same.models);
    expect(asked.advice).toEqual(same.advice);
    expect(asked.situation).toEqual({
      isWellDefined: false,
      isCoreProduct: true,
      keepsArchitect: false,
      startWithinMonths: null,
    });
  });

  it('says whether people start in time and which framework fits', async () => {
    const { models, framework } = await estimate({
      need: {
        ...NEED,
        situation: { startWithinMonths: 2 },
        framework: { needs: ['admin', 'authentication', 'forms'], flags: ['ml_serving'] },
      },
    });
    expect(framework).toMatchObject({ fit: 'django_with_flask_service', builtInFeatures: 3, flags: ['ml_serving'] });
    expect(models.map(({ start }) => start)).toEqual(Array(4).fill(expect.objectContaining({ withinMonths: 2 })));
  });

  it('ramps in over time, when it says so', async () => {
    const joins = [
      { month: 0, seats: 1 },
      { month: 2, seats: 2 },
    ];
    const slowly = await estimate({ need: { ...NEED, joins } });
    expect(slowly.project).toMatchObject({ seats: 3, joins });
    const together = await estimate({ need: NEED });
    expect(slowly.models[0]?.deliveryMonths).toBeGreaterThan(Number(together.models[0]?.deliveryMonths));
  });
});

describe('only the models that are asked for', () => {
  it('are estimated', async () => {
    const { models, breakEvens, project } = await estimate({ project: { ...PROJECT, models: ['hybrid', 'freelance'] } });
    expect(models.map(({ model }) => model)).toEqual(['freelance', 'hybrid']);
    expect(breakEvens).toHaveLength(1);
    expect(project).toMatchObject({ models: ['freelance', 'hybrid'] });
  });
});

describe('money', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['IDR', 2],
  ])('in %s is exact: lines and months sum to totals, and the database holds the same', async (currency, decimals) => {
    const made = await estimate({ project: { hours: 3333.3, seats: 3 }, currency });
    expect(made).toMatchObject({ currency, exchangeRate: { currency } });
    const units = (amounts: Iterable<number>) => [...amounts].reduce((sum, amount) => sum + unitsOf(amount, currency), 0);
    for (const { total, breakdown, cashFlow } of made.models) {
      expect(units(Object.values(breakdown))).toBe(unitsOf(total, currency));
      expect(units(cashFlow.map((month) => month.total))).toBe(unitsOf(total, currency));
      for (const month of cashFlow) expect(units(Object.values(month.cost))).toBe(unitsOf(month.total, currency));
    }
    const stored = await sql(
      api.database.adminUrl,
      `SELECT model, total::text, cost_p10::text, cost_p50::text, cost_p90::text, currency FROM cost_estimate_models WHERE cost_estimate_id = $1`,
      [made.id],
    );
    expect(stored).toHaveLength(4);
    for (const { model, total, costBand } of made.models) {
      const [p10, p50, p90] = [costBand.p10, costBand.p50, costBand.p90].map((amount) => amount?.toFixed(decimals));
      expect(stored).toContainEqual({
        model,
        currency,
        total: total.toFixed(decimals),
        cost_p10: p10,
        cost_p50: p50,
        cost_p90: p90,
      });
    }
  });

  it('is converted at the rate of a day, which the estimate names', async () => {
    const { exchangeRate, models } = await estimate({ project: PROJECT, currency: 'EUR' });
    expect(exchangeRate).toEqual({ currency: 'EUR', perDollar: 0.87, date: '2026-11-02', source: 'A bank' });
    expect(models[0]?.total).toBe(311796.64);
  });
});

it('lists totals with P10 to P90', async () => {
  const made = await estimate({ project: PROJECT, name: 'Listed' });
  const { items } = (await manager.get('/estimates?limit=1').expect(200)).body;
  expect(items[0].models).toEqual(
    made.models.map(({ model, total, currency, deliveryMonths, costBand, deliveryBand }) => ({
      ...{ model, total, currency, deliveryMonths, costBand, deliveryBand },
    })),
  );
  for (const { costBand } of items[0].models) {
    expect(costBand.p10).toBeLessThan(costBand.p50);
    expect(costBand.p50).toBeLessThan(costBand.p90);
  }
});

it('names every field at fault, not the first', async () => {
  const { body } = await manager
    .post('/estimates', {
      project: { hours: -1, seats: 3, seniorityMix: { mid: 0.5 } },
      situation: { startWithinMonths: -1 },
      framework: { needs: ['tea'] },
      assumptions: [{ id: 'C1', low: 9, mode: 8, high: 7, reason: 'Typed backwards' }],
      simulation: { draws: 1_000_000_000 },
    })
    .expect(400);
  expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
    'assumptions.0',
    'framework.needs.0',
    'project.hours',
    'project.seniorityMix',
    'simulation.draws',
    'situation.startWithinMonths',
  ]);
});

it.each<[string, object, string]>([
  ['neither project nor need', {}, 'project'],
  ['both', { project: PROJECT, need: NEED }, 'project'],
  ['a need that is a list', { need: [NEED] }, 'need'],
  ['a situation beside a need', { need: NEED, situation: { isCoreProduct: true } }, 'situation'],
  ['a framework beside a need', { need: NEED, framework: { needs: [] } }, 'framework'],
  ['a need without a scope', { need: { seats: 3 } }, 'need.scope'],
  ['negative hours of a need', { need: { seats: 3, scope: { hours: -1 } } }, 'need.scope.hours'],
  ['a team of nobody', { need: { seats: 3, scope: { teamSize: 0, months: 6 } } }, 'need.scope.teamSize'],
  ['a team for no time', { need: { seats: 3, scope: { teamSize: 1 } } }, 'need.scope.months'],
  ['half a seat', { need: { seats: 1.5, scope: { hours: 1 } } }, 'need.seats'],
  ['shares of a need that do not sum', { need: { ...NEED, seniorityMix: { mid: 0.9 } } }, 'need.seniorityMix'],
  ['a role of two lines', { need: { ...NEED, role: 'a\nb' } }, 'need.role'],
  ['an unknown field of a need', { need: { ...NEED, salary: 1 } }, 'need.salary'],
  [
    'an urgency that is none',
    { need: { ...NEED, situation: { startWithinMonths: 'soon' } } },
    'need.situation.startWithinMonths',
  ],
  ['a situation that is text', { project: PROJECT, situation: 'bad' }, 'situation'],
  ['a flag that is unknown', { project: PROJECT, framework: { needs: [], flags: ['tea'] } }, 'framework.flags.0'],
  ['joins that do not sum', { project: { ...PROJECT, joins: [{ month: 0, seats: 2 }] } }, 'project.joins'],
  ['an unknown model', { project: { ...PROJECT, models: ['magic'] } }, 'project.models.0'],
  ['no model', { project: { ...PROJECT, models: [] } }, 'project.models'],
  ['10^9 draws', { project: PROJECT, simulation: { draws: 1_000_000_000 } }, 'simulation.draws'],
  ['one draw too many', { project: PROJECT, simulation: { draws: 1_000_001 } }, 'simulation.draws'],
  ['too few draws', { project: PROJECT, simulation: { draws: 99 } }, 'simulation.draws'],
  ['half a draw', { project: PROJECT, simulation: { draws: 1000.5 } }, 'simulation.draws'],
  ['a negative seed', { project: PROJECT, simulation: { seed: -1 } }, 'simulation.seed'],
  ['a seed as text', { project: PROJECT, simulation: { seed: '1' } }, 'simulation.seed'],
  ['an unknown field of the simulation', { project: PROJECT, simulation: { threads: 9 } }, 'simulation.threads'],
  ['a currency without a rate', { project: PROJECT, currency: 'CHF' }, 'currency'],
  ['what is no currency', { project: PROJECT, currency: 'euro' }, 'currency'],
  ['a currency that is a number', { project: PROJECT, currency: 978 }, 'currency'],
  ['more money than can be told exactly', { project: { hours: 1e9, seats: 10_000 }, currency: 'IDR' }, 'currency'],
  [
    'assumptions that nobody has',
    { project: PROJECT, assumptionSet: { id: '0199c000-0000-7000-8000-000000000000' } },
    'assumptionSet.id',
  ],
  ['assumptions without an id', { project: PROJECT, assumptionSet: { version: 1 } }, 'assumptionSet.id'],
])('%s is refused and the field named', async (_, input, path) => {
  const { body } = await manager.post('/estimates', input).expect(400);
  expect(body.code).toBe('invalid-input');
  expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
  expect(body.detail).toContain(path);
});
