import { DOLLAR, type ExchangeRate } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import type { EstimateInput } from './estimate-input';
import type { ReportedModel } from './estimate-report';
import { explainDifference } from './explain-difference';
import type { ComparedEstimate, EstimateDifference } from './explain-difference/estimate-difference';
import { overrideAssumptions } from './override-assumptions';
import { type HiringModel, parseProject } from './project';
import { reportEstimate } from './report-estimate';

const SITUATION = { isWellDefined: false, isCoreProduct: false, keepsArchitect: false, startWithinMonths: null };
const BEFORE: EstimateInput = {
  ...{ need: null, project: parseProject({ hours: 2700, seats: 3 }), situation: SITUATION, frameworkNeed: null },
  ...{ assumptions: DEFAULT_ASSUMPTIONS, exchangeRate: DOLLAR, simulation: { draws: 100, seed: 1 } },
};
const override = (...items: readonly object[]) =>
  overrideAssumptions(
    DEFAULT_ASSUMPTIONS,
    items.map((item) => ({ reason: 'ours', ...item })),
    'someone@example.com',
  );
const rate = (currency: string, perDollar: number, date = '2026-11-20'): ExchangeRate => {
  return { currency, perDollar, date, source: 'European Central Bank' };
};
const compare = (after: Partial<EstimateInput>, before: Partial<EstimateInput> = {}) =>
  explainDifference({ input: { ...BEFORE, ...before }, told: null }, { input: { ...BEFORE, ...after }, told: null });
const of = ({ models }: EstimateDifference, model: HiringModel) => models.find((each) => each.model === model);
const changes = (difference: EstimateDifference, model: HiringModel) =>
  of(difference, model)?.causes.map(({ inputId, change }) => [inputId, change]);
const effects = ({ inputs }: EstimateDifference) => inputs.map(({ inputId, effect }) => [inputId, effect]);

test('equal estimates have nothing to explain', () => {
  const { inputs, models, notes } = compare({});
  expect([inputs, notes]).toEqual([[], []]);
  for (const { change, delivery, causes } of models) expect([change, delivery.change, causes]).toEqual([0, 0, []]);
});

test('one changed input explains all of it, and nothing of a model that does not use it', () => {
  const difference = compare({ assumptions: override({ id: 'C1', value: 80 }) });
  // 3107.25 hours at 99.75 and 84 dollars, and nothing else.
  expect(of(difference, 'freelance')).toMatchObject({ before: 358_386.94, after: 309_447.75, change: -48_939.19 });
  expect(of(difference, 'freelance')?.causes).toEqual([
    {
      ...{ inputId: 'C1', claim: 'A freelance Django developer costs USD 45-95 per hour', change: -48_939.19, deliveryMonths: 0 },
      ...{ before: 'high of 45 / 70 / 95 USD per hour', after: '80 USD per hour' },
    },
  ]);
  expect(changes(difference, 'in_house')).toEqual([]);
});

test('two inputs divide by halves what they do together, as calculated by hand', () => {
  const difference = compare({
    project: parseProject({ hours: 3000, seats: 3 }),
    assumptions: override({ id: 'C1', value: 80 }),
  });
  // W is 3107.25 and 3440 hours; the costs of an hour 99.75 + 15 and 84 + 15; recruiting 1830 and 1866.67.
  const [old, cheap, long, both] = [
    3107.25 * 114.75 + 1830,
    3107.25 * 99 + 1830,
    3440 * 114.75 + 5600 / 3,
    3440 * 99 + 5600 / 3,
  ] as const;
  expect(changes(difference, 'freelance')).toEqual([
    ['C1', Number(((cheap - old + both - long) / 2).toFixed(2))],
    ['project.hours', Number(((long - old + both - cheap) / 2).toFixed(2))],
  ]);
  expect(changes(difference, 'freelance')).toEqual([
    ['C1', -51_559.59],
    ['project.hours', 35_599.32],
  ]);
  expect(of(difference, 'freelance')).toMatchObject({ change: -15_960.27, sampledOrders: null, standardError: 0 });
  // Only the hours move the delivery: 7.515 to 0.5 + 3440 / 450 + 0.7333 * 0.5 / 3 months.
  expect(of(difference, 'freelance')?.delivery).toEqual({ before: 7.515, after: 8.2667, change: 0.7517 });
  expect(of(difference, 'freelance')?.causes.map(({ deliveryMonths }) => deliveryMonths)).toEqual([0, 0.7517]);
});

test('a new reason or owner moves nothing and is no cause', () => {
  const assumptions = override({ id: 'C3', value: 120_850 }, { id: 'C5', mode: 4 });
  expect(effects(compare({ assumptions }))).toEqual([['C3', 'range']]);
});

test('says of every changed input what it does: amounts, only the range, or only words', () => {
  const difference = compare({
    assumptions: override(
      { id: 'C1', reading: 'mode' },
      { id: 'in_house.rework', low: 0.04, high: 0.06 },
      { id: 'effort.ln_mean', value: 0.1 },
      { id: 'C2', high: 6 },
      { id: 'C10', value: 0.4 },
      { id: 'C9', value: 0.2 },
    ),
    simulation: { draws: 1000, seed: 1 },
    situation: { ...SITUATION, isCoreProduct: true, startWithinMonths: 2 },
    frameworkNeed: { needs: ['forms', 'admin'], flags: [] },
    need: { role: 'Backend developer', seats: 3, scope: { hours: 2700 } },
  });
  expect(effects(difference)).toEqual([
    ['C1', 'amounts'],
    ['effort.ln_mean', 'range'],
    ['in_house.rework', 'range'],
    ['simulation.draws', 'range'],
    ['C10', 'words'],
    ['C2', 'words'],
    ['C9', 'words'],
    ['framework.flags', 'words'],
    ['framework.needs', 'words'],
    ['need.role', 'words'],
    ['situation.isCoreProduct', 'words'],
    ['situation.startWithinMonths', 'words'],
  ]);
  const words = new Map(difference.inputs.map(({ inputId, before, after }) => [inputId, `${before} -> ${after}`]));
  expect(words.get('C1')).toBe('high of 45 / 70 / 95 USD per hour -> mode of 45 / 70 / 95 USD per hour');
  expect(words.get('C9')).toBe('switched off, 0.31 share -> switched off, 0.2 share');
  expect(words.get('framework.needs')).toBe('not given -> admin, forms');
  expect(words.get('situation.isCoreProduct')).toBe('no -> yes');
  expect(words.get('situation.startWithinMonths')).toBe('not given -> 2 months');
});

test('a range of a model that was not asked for moves nothing', () => {
  const project = parseProject({ hours: 2700, seats: 3, models: ['hybrid'] });
  const assumptions = override({ id: 'in_house.rework', low: 0.04 });
  expect(effects(compare({ project, assumptions }, { project }))).toEqual([['in_house.rework', 'words']]);
});

test('a claim that is switched on counts with what it makes the formulas read', () => {
  const assumptions = override({ id: 'C7', enabled: true, reading: 'total_cost' }, { id: 'C3', value: 100_000 });
  const difference = compare({ assumptions });
  const partner = of(difference, 'staff_augmentation');
  expect(partner?.after).toBeCloseTo(0.59 * Number(of(difference, 'in_house')?.after), 1);
  // C3 counts for the partner only beside C7: half of what both do together.
  expect(partner?.causes.map(({ inputId }) => inputId).sort()).toEqual(['C3', 'C7']);
  expect(partner?.causes.find(({ inputId }) => inputId === 'C3')?.change).toBeCloseTo(
    (0.59 * Number(of(difference, 'in_house')?.change)) / 2,
    2,
  );
  expect(partner?.causes.find(({ inputId }) => inputId === 'C7')?.after).toBe('switched on, 0.41 share (read as total cost)');
});

test('another rate of the same currency is a cause; two currencies are compared in dollars', () => {
  const euros = compare({ exchangeRate: rate('EUR', 0.9) }, { exchangeRate: rate('EUR', 0.85) });
  expect(euros.currency).toBe('EUR');
  expect(of(euros, 'freelance')).toMatchObject({ before: 304_628.9, after: 322_548.24, change: 17_919.34 });
  expect(changes(euros, 'freelance')).toEqual([['exchange_rate', 17_919.34]]);
  expect(euros.inputs).toEqual([
    {
      ...{ inputId: 'exchange_rate', together: ['exchange_rate'], effect: 'amounts', claim: 'Exchange rate of EUR' },
      before: '0.85 EUR per USD (2026-11-20, European Central Bank)',
      after: '0.9 EUR per USD (2026-11-20, European Central Bank)',
    },
  ]);
  const sameRate = compare({ exchangeRate: rate('EUR', 0.9, '2026-11-21') }, { exchangeRate: rate('EUR', 0.9) });
  expect(sameRate.inputs).toEqual([]);

  const two = compare({ exchangeRate: rate('JPY', 150) }, { exchangeRate: rate('EUR', 0.9) });
  expect([two.currency, two.inputs]).toEqual(['USD', []]);
  expect(of(two, 'freelance')).toMatchObject({ before: 358_386.94, after: 358_386.94 });
  expect(two.notes).toEqual([
    'One estimate is in EUR and the other in JPY; both are compared in USD, in which they were calculated.',
  ]);
});

test('yen have no smaller unit', () => {
  const yen = { exchangeRate: rate('JPY', 151.3) };
  const difference = compare({ ...yen, assumptions: override({ id: 'C1', value: 80 }, { id: 'manager_cost', value: 91 }) }, yen);
  const { before, change, causes } = of(difference, 'freelance') as EstimateDifference['models'][number];
  expect(before).toBe(54_223_944);
  expect(causes.every((cause) => Number.isInteger(cause.change))).toBe(true);
  expect(causes.reduce((sum, cause) => sum + cause.change, 0)).toBe(change);
});

test('inputs that make sense only together change together', () => {
  const joins = [
    { month: 0, seats: 2 },
    { month: 2.5, seats: 3 },
  ];
  const ramping = compare({ project: parseProject({ hours: 2700, seats: 5, joins }) });
  expect(ramping.inputs.map(({ inputId, together }) => [inputId, together])).toEqual([
    ['project.seats', ['project.seats', 'project.joins']],
  ]);
  expect(ramping.inputs[0]).toMatchObject({
    claim: 'Engineers who work on it; When they join',
    before: '3 seats; all from the start',
    after: '5 seats; 2 at the start, 3 more after 2.5 months',
  });

  const hours = compare(
    { project: parseProject({ hours: 2700, seats: 3, hoursPerMonth: 140 }) },
    { assumptions: override({ id: 'hours_per_month', value: 160 }) },
  );
  expect(hours.inputs).toEqual([
    expect.objectContaining({
      together: ['project.hoursPerMonth', 'hours_per_month'],
      before: '160 hours per month, as assumed; 160 hours per month',
      after: '140 hours per month; 150 hours per month',
    }),
  ]);
  const mixed = compare({ project: parseProject({ hours: 2700, seats: 3, seniorityMix: { mid: 0.5, senior: 0.5 } }) });
  expect(mixed.inputs[0]).toMatchObject({ before: 'not given', after: 'junior 0, mid 0.5, senior 0.5' });
});

test('a single seat whose architect delivers nothing is never looked at between two that are sound', () => {
  const [alone, idle] = [parseProject({ hours: 270, seats: 1 }), override({ id: 'hybrid.architect_share', value: 0 })];
  const difference = compare({ project: alone }, { assumptions: idle });
  expect(difference.inputs.map(({ together }) => together)).toEqual([
    ['project.hours'],
    ['project.seats', 'hybrid.architect_share'],
  ]);
});

test('nor is one whose architect delivers next to nothing', () => {
  const [alone, idle] = [parseProject({ hours: 270, seats: 1 }), override({ id: 'hybrid.architect_share', value: 1e-300 })];
  expect(compare({ project: alone }, { assumptions: idle }).inputs.map(({ together }) => together)).toEqual([
    ['project.hours'],
    ['project.seats', 'hybrid.architect_share'],
  ]);
});

test('a project of a size that neither estimate has is no obstacle between them', () => {
  // The hours of one with the team of the other take longer than any estimate may.
  const difference = compare(
    { project: parseProject({ hours: 100, seats: 1 }) },
    { project: parseProject({ hours: 1e8, seats: 10_000 }) },
  );
  expect(
    of(difference, 'freelance')
      ?.causes.map(({ inputId }) => inputId)
      .sort(),
  ).toEqual(['project.hours', 'project.seats']);
});

test('old estimates kept only what they used; the rest comes from the defaults, and fields of a project may be missing', () => {
  const { joins: _, ...project } = BEFORE.project;
  const used = DEFAULT_ASSUMPTIONS.filter(({ id }) => !id.startsWith('effort') && !id.startsWith('C'));
  const old = { project: project as EstimateInput['project'], assumptions: used };
  expect(compare({}, old).inputs).toEqual([]);
});

test('a mix whose keys come back in another order is the same mix', () => {
  const mix = (seniorityMix: object) => ({ project: parseProject({ hours: 2700, seats: 3, seniorityMix }) });
  const stored = { project: { ...BEFORE.project, seniorityMix: { mid: 0.5, junior: 0.25, senior: 0.25 } } };
  expect(compare(mix({ junior: 0.25, mid: 0.5, senior: 0.25 }), stored).inputs).toEqual([]);
});

test('models of only one of them are named; estimates without a common model cannot be compared', () => {
  const only = (...models: HiringModel[]) => ({ project: parseProject({ hours: 2700, seats: 3, models }) });
  const difference = compare(only('hybrid', 'staff_augmentation'), only('freelance', 'hybrid'));
  expect(difference.models.map(({ model }) => model)).toEqual(['hybrid']);
  expect(difference).toMatchObject({ modelsOnlyBefore: ['freelance'], modelsOnlyAfter: ['staff_augmentation'], inputs: [] });
  expect(() => compare(only('freelance'), only('hybrid'))).toThrow('the two estimates have no model in common');
});

/** As the API keeps it. */
function told(input: EstimateInput): ComparedEstimate {
  const { exchangeRate, models } = reportEstimate(input);
  const band = ({ p10, p50, p90 }: ReportedModel['cost']) => ({ p10: p10.value, p50: p50.value, p90: p90.value });
  const each = ({ model, total, deliveryMonths, cost, delivery }: ReportedModel) => ({
    ...{ model, total, deliveryMonths, costBand: band(cost), deliveryBand: band(delivery) },
  });
  return { input, told: { exchangeRate, models: models.map(each) } };
}

test('P10 to P90 stand beside the totals', () => {
  const dollars = told(BEFORE);
  const freelance = of(explainDifference(dollars, told({ ...BEFORE, simulation: { draws: 100, seed: 2 } })), 'freelance');
  const band = dollars.told?.models[0];
  expect(freelance?.ranges?.before).toEqual({ cost: band?.costBand, delivery: band?.deliveryBand });
  expect(freelance?.ranges?.after).not.toEqual(freelance?.ranges?.before);
  expect(freelance).toMatchObject({ change: 0, causes: [] });

  const euros = told({ ...BEFORE, exchangeRate: rate('EUR', 0.9) });
  const inDollars = of(explainDifference(euros, dollars), 'freelance')?.ranges;
  expect(Math.abs(Number(inDollars?.before.cost.p50) - Number(inDollars?.after.cost.p50))).toBeLessThan(0.02);
  expect(of(explainDifference(dollars, { input: BEFORE, told: null }), 'freelance')?.ranges).toBeNull();
});

test('what another version of the model made of the same inputs is a cause of its own', () => {
  const { input, told: then } = told(BEFORE);
  const models = then?.models.map((each) => ({
    ...each,
    ...{ total: each.total - 10.01, deliveryMonths: each.deliveryMonths - 0.5 },
  }));
  const old = { input, told: { exchangeRate: DOLLAR, models: models ?? [] } };
  const difference = explainDifference(old, told({ ...BEFORE, assumptions: override({ id: 'C1', value: 80 }) }));
  expect(of(difference, 'freelance')).toMatchObject({ before: 358_376.93, after: 309_447.75, change: -48_929.18 });
  expect(
    of(difference, 'freelance')?.causes.map(({ inputId, change, deliveryMonths }) => [inputId, change, deliveryMonths]),
  ).toEqual([
    ['C1', -48_939.19, 0],
    ['formulas', 10.01, 0.5],
  ]);
  expect(difference.notes).toHaveLength(1);
});
