import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseSituation } from './advice';
import { DOLLAR } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import type { EstimateInput } from './estimate-input';
import { parseHiringNeed } from './hiring-need';
import { EstimateInputError } from './input-error';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';

const EUR = { currency: 'EUR', perDollar: 0.8567, date: '2026-11-20', source: 'ECB reference rate' };

/** What `npm start` estimates. */
const DEMO: EstimateInput = {
  ...parseHiringNeed(
    {
      ...{ role: 'Senior Django developer', seats: 3, scope: { teamSize: 3, months: 6 }, hoursPerMonth: 150 },
      situation: { isCoreProduct: true, startWithinMonths: 2 },
      framework: { needs: ['authentication', 'admin', 'orm_and_migrations'], flags: ['ml_serving'] },
    },
    DEFAULT_ASSUMPTIONS,
  ),
  assumptions: DEFAULT_ASSUMPTIONS,
  exchangeRate: DOLLAR,
  simulation: { draws: 20_000, seed: 1 },
};

function inputOf(project: object, changes: Partial<EstimateInput> = {}): EstimateInput {
  return {
    ...{ need: null, situation: parseSituation({}), frameworkNeed: null, assumptions: DEFAULT_ASSUMPTIONS },
    ...{ exchangeRate: DOLLAR, simulation: { draws: 200, seed: 1 } },
    project: parseProject(project),
    ...changes,
  };
}

test('the demo is the worked example to the cent', () => {
  const { models } = reportEstimate(DEMO);
  expect(models.map(({ model, total, deliveryMonths }) => [model, total, deliveryMonths])).toEqual([
    ['freelance', 358_386.94, 7.515],
    ['in_house', 451_703.26, 11.8286],
    ['hybrid', 282_274.17, 8.0314],
    ['staff_augmentation', 249_333.3, 7.311],
  ]);
  expect(models[1]?.breakdown).toEqual({
    ...{ labour: 291_836.92, management: 33_811.17, recruiting: 78_220.16, vacancy: 38_835, equipment: 9000 },
    ...{ bench: 0, severance: 0, rounding: 0.01 },
  });
});

test('the same input gives the same bytes, also in a process of its own', () => {
  const report = JSON.stringify(reportEstimate(DEMO));
  expect(JSON.stringify(reportEstimate(DEMO))).toBe(report);
  const compiled = path.join(__dirname, '..', 'dist', 'report-estimate.js');
  const script = `const { reportEstimate } = require(process.argv[1]);
    process.stdin.setEncoding('utf8'); let text = '';
    process.stdin.on('data', (part) => (text += part)).on('end', () => process.stdout.write(JSON.stringify(reportEstimate(JSON.parse(text)))));`;
  const stored = JSON.stringify(DEMO);
  expect(execFileSync(process.execPath, ['-e', script, compiled], { input: stored, encoding: 'utf8', maxBuffer: 1e8 })).toBe(
    report,
  );
});

test('another seed draws other numbers about the same point', () => {
  const [one, other] = [1, 2].map((seed) => reportEstimate({ ...DEMO, simulation: { draws: 1000, seed } }));
  expect(one?.models.map(({ total }) => total)).toEqual(other?.models.map(({ total }) => total));
  expect(one?.models.map(({ cost }) => cost.p50)).not.toEqual(other?.models.map(({ cost }) => cost.p50));
});

test('amounts are told in the currency, each converted from unrounded dollars', () => {
  const dollars = reportEstimate(DEMO);
  const euros = reportEstimate({ ...DEMO, exchangeRate: EUR });
  expect([euros.currency, euros.exchangeRate]).toEqual(['EUR', EUR]);
  expect(euros.models.map(({ total }) => total)).toEqual([307_030.09, 386_974.18, 241_824.28, 213_603.84]);
  for (const [index, model] of euros.models.entries()) {
    const same = dollars.models[index] as typeof model;
    expect(model.cost.p50.value / same.cost.p50.value).toBeCloseTo(0.8567, 6);
    expect(model.cost.histogram.width / same.cost.histogram.width).toBeCloseTo(0.8567, 12);
    expect(model.cost.histogram.counts).toEqual(same.cost.histogram.counts);
    expect((model.tornado[0]?.swing ?? 0) / (same.tornado[0]?.swing ?? 1)).toBeCloseTo(0.8567, 6);
    // Times, shares and assumptions have no currency of their own.
    expect([model.delivery, model.start, model.intermediate]).toEqual([same.delivery, same.start, same.intermediate]);
  }
  const costOf = ({ breakEvens }: typeof euros) =>
    breakEvens.find(({ models }) => models.join() === 'freelance,in_house')?.cost ?? 0;
  expect(costOf(dollars)).toBeGreaterThan(0);
  expect(costOf(euros) / costOf(dollars)).toBeCloseTo(0.8567, 6);
  expect(euros.assumptions).toEqual(dollars.assumptions);
  expect(euros.simulation.pairs).toEqual(dollars.simulation.pairs);
});

test('an amount that a currency could not tell exactly is refused', () => {
  const dong = { ...EUR, currency: 'VND', perDollar: 26_000 };
  const project = { hours: 9e8, seats: 10_000 };
  expect(() => reportEstimate(inputOf(project, { exchangeRate: dong }))).toThrow('currency: VND has no room for');
  // Its total is told exactly, and its P90 could not be.
  const smaller = { hours: 2e8, seats: 10_000, models: ['freelance'] };
  expect(() => reportEstimate(inputOf(smaller, { exchangeRate: dong }))).toThrow('currency: VND has no room for');
  expect(() => reportEstimate(inputOf(project, { exchangeRate: EUR }))).not.toThrow(EstimateInputError);
});

test('every assumption that a number came from is kept, effort and what advice looked at among them', () => {
  const ids = reportEstimate(DEMO).assumptions.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['C1', 'C3', 'C5', 'C9', 'partner_rate', 'effort.ln_mean', 'effort.ln_deviation']));
  expect(ids).toEqual(DEFAULT_ASSUMPTIONS.map(({ id }) => id).filter((id) => ids.includes(id)));
  expect(new Set(ids).size).toBe(ids.length);
});

test('what was asked for stands in the report, with the framework and its hours', () => {
  const { need, situation, framework, warnings } = reportEstimate({ ...DEMO, simulation: { draws: 200, seed: 1 } });
  expect(need).toEqual({ role: 'Senior Django developer', seats: 3, scope: { teamSize: 3, months: 6 } });
  expect(situation.startWithinMonths).toBe(2);
  expect(framework).toMatchObject({ fit: 'django_with_flask_service', builtInFeatures: 3 });
  expect(framework?.flaskHoursByClaim).toBeCloseTo(1 / (1 - 0.31 / 2), 12);
  expect(warnings).not.toContainEqual(expect.stringContaining('reckoned'));
});

test('a scope reckoned for another team says so', () => {
  const parsed = parseHiringNeed({ seats: 2, scope: { teamSize: 3, months: 6 } }, DEFAULT_ASSUMPTIONS);
  const { warnings } = reportEstimate({ ...inputOf({ hours: 1, seats: 1 }), ...parsed });
  expect(warnings).toContain('The scope is reckoned as 3 engineers for 6 months, 2,700 hours; 2 seats do all of them.');
});

test('claims that are switched on move the report', () => {
  const reason = 'offered in writing';
  const assumptions = overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id: 'C7', enabled: true, reading: 'total_cost', reason }], 'x');
  const { models } = reportEstimate(inputOf({ hours: 2700, seats: 3 }, { assumptions }));
  const [inHouse, partner] = ['in_house', 'staff_augmentation'].map((name) => models.find(({ model }) => model === name));
  expect(partner?.total).toBeCloseTo(0.59 * (inHouse?.total ?? 0), 1);
  expect(partner?.cashFlow?.at(-1)?.cumulative).toBe(partner?.total);
});
