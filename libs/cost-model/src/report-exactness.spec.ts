import fc from 'fast-check';
import { parseSituation } from './advice';
import { decimalsOf, unitsOf } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { ESTIMATE_WIDTH, formatEstimate } from './format-estimate';
import { EstimateInputError } from './input-error';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';
import { REPORTED_LINES } from './reported-breakdown';

const CURRENCIES: Readonly<Record<string, number>> = { USD: 1, EUR: 0.8567, JPY: 154.37, KWD: 0.30715, VND: 26_285.5 };

const projects = fc.integer({ min: 2, max: 200 }).chain((seats) =>
  fc.record({
    // To the largest that an estimate may cost: 1e12 dollars.
    hours: fc.oneof(fc.double({ min: 0.01, max: 50_000, noNaN: true }), fc.double({ min: 1, max: 9e8, noNaN: true })),
    seats: fc.constant(seats),
    hoursPerMonth: fc.constantFrom(null, 37.5),
    seniorityMix: fc.constantFrom(null, { junior: 0.3, mid: 0.3, senior: 0.4 }),
    joins: fc.option(
      fc.double({ min: 0.1, max: 24, noNaN: true }).map((month) => [
        { month: 0, seats: 1 },
        { month, seats: seats - 1 },
      ]),
    ),
  }),
);
const figures = fc.record({
  'in_house.bench_months': fc.double({ min: 0, max: 6, noNaN: true }),
  'in_house.severance_months': fc.double({ min: 0, max: 6, noNaN: true }),
  manager_cost: fc.double({ min: 0, max: 1000, noNaN: true }),
  C1: fc.double({ min: 0.01, max: 1000, noNaN: true }),
});

const claims = fc.record({
  C4: fc.constantFrom(null, 'work_times_one_minus_claim', 'work_divided_by_one_plus_claim'),
  C6: fc.constantFrom(null, 'months_to_start'),
  C7: fc.constantFrom(null, 'loaded_hourly_rate', 'total_cost'),
});

test('lines, months and totals of any project in any currency are whole smallest units that sum exactly', () => {
  let reported = 0;
  fc.assert(
    fc.property(projects, figures, claims, fc.constantFrom(...Object.keys(CURRENCIES)), (project, values, readings, currency) => {
      const switched = Object.entries(readings).filter(([, reading]) => reading !== null);
      const list = [
        ...Object.entries(values).map(([id, value]) => ({ id, value, reason: 'a property' })),
        ...switched.map(([id, reading]) => ({ id, reading, enabled: true, reason: 'a property' })),
      ];
      const report = reportOrNull(project, list, currency);
      if (report === null) return;
      reported += 1;
      const units = (amount: number): bigint => {
        // A decimal of the currency as it prints, so that nothing hides behind a tolerance.
        expect(String(amount)).toMatch(new RegExp(`^-?\\d+(\\.\\d{1,${decimalsOf(currency) || 1}})?$`));
        return BigInt(unitsOf(amount, currency));
      };
      for (const { total, breakdown, cashFlow, cost, tornado } of report.models) {
        expect(REPORTED_LINES.reduce((sum, line) => sum + units(breakdown[line]), 0n)).toBe(units(total));
        // Of eight amounts none is off by more than half a unit.
        expect(Math.abs(Number(units(breakdown.rounding)))).toBeLessThanOrEqual(4);
        for (const line of cashFlow ? REPORTED_LINES : []) {
          expect(cashFlow?.reduce((sum, month) => sum + units(month.cost[line]), 0n)).toBe(units(breakdown[line]));
        }
        expect(cashFlow?.at(-1)?.cumulative ?? total).toBe(total);
        for (const amount of [cost.mean, cost.p10.value, cost.p90.high, ...tornado.map(({ swing }) => swing)]) {
          expect(Number.isFinite(amount) && amount >= 0).toBe(true);
        }
      }
      for (const { cost, hours } of report.breakEvens) expect(cost === null).toBe(hours === null);
      const text = formatEstimate(report);
      expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(ESTIMATE_WIDTH);
    }),
    { numRuns: 150 },
  );
  expect(reported).toBeGreaterThan(75);
});

function reportOrNull(project: object, list: readonly object[], currency: string) {
  try {
    return reportEstimate({
      ...{
        need: null,
        situation: parseSituation({ startWithinMonths: 1 }),
        frameworkNeed: null,
        simulation: { draws: 100, seed: 1 },
      },
      project: parseProject(project),
      assumptions: overrideAssumptions(DEFAULT_ASSUMPTIONS, list, 'someone@example.com'),
      exchangeRate: { currency, perDollar: CURRENCIES[currency] as number, date: '2026-11-20', source: 'a property' },
    });
  } catch (error) {
    // Out of all proportion: refused by name.
    if (!(error instanceof EstimateInputError)) throw error;
    expect(['project', 'currency']).toContain(error.problems[0]?.path);
    return null;
  }
}
