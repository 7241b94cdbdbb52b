import fc from 'fast-check';
import { AssumptionSet } from './assumption';
import { cashFlow, type MonthOfCost } from './cash-flow';
import { DOLLAR, fromDollars, unitsOf } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { evaluateModel } from './formulas';
import { hoursFactor, modelParameters } from './model-parameters';
import { overrideAssumptions } from './override-assumptions';
import { HIRING_MODELS, type HiringModel, parseProject } from './project';
import { REPORTED_LINES, type ReportedBreakdown, reportBreakdown } from './reported-breakdown';

const RATES = [
  DOLLAR,
  { ...DOLLAR, currency: 'EUR', perDollar: 0.8567 },
  { ...DOLLAR, currency: 'JPY', perDollar: 154.37 },
  { ...DOLLAR, currency: 'KWD', perDollar: 0.30715 },
];

function flowOf(model: HiringModel, project: object, overrides: object[] = [], rate = DOLLAR) {
  const parsed = parseProject(project);
  const set = new AssumptionSet(overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'someone@example.com'));
  const parameters = modelParameters(model, parsed, set);
  const result = evaluateModel(parameters, parsed.hours * hoursFactor(parsed, set));
  const total = fromDollars(result.total, rate);
  const lines = reportBreakdown(result.breakdown, total, rate);
  return { months: cashFlow(parameters, result, lines, rate.currency), total, lines, result };
}

const TEAM = { hours: 2700, seats: 3 };
const lineOf = (months: readonly MonthOfCost[] | null, line: keyof ReportedBreakdown) => months?.map(({ cost }) => cost[line]);

test('the worked example of in-house: empty seats first, then people, then work', () => {
  const { months } = flowOf('in_house', TEAM);
  expect(months).toHaveLength(12);
  // 3 seats x 4,000 a month from month 2 to 4; the rest belongs to those who replace leavers.
  expect(lineOf(months, 'vacancy')?.slice(0, 4)).toEqual([0, 12_000, 12_000, 12_000]);
  expect(lineOf(months, 'labour')?.slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(lineOf(months, 'equipment')?.slice(0, 6)).toEqual([0, 0, 0, 0, 9000, 0]);
  expect(Number(lineOf(months, 'recruiting')?.[4])).toBeGreaterThan(3 * 24_170);
  expect(months?.at(-1)?.cumulative).toBe(451_703.26);
});

test('a team that ramps in is recruited, equipped and paid wave by wave', () => {
  const { months } = flowOf('in_house', {
    ...TEAM,
    joins: [
      { month: 0, seats: 1 },
      { month: 2.5, seats: 2 },
    ],
  });
  expect(lineOf(months, 'equipment')?.slice(4, 8)).toEqual([3000, 0, 6000, 0]);
  const labour = lineOf(months, 'labour') ?? [];
  expect(labour[4]).toBeCloseTo(labour[5] ?? 0, 1);
  expect(labour[8]).toBeCloseTo(3 * (labour[4] ?? 0), 1);
  // The first seat's pipeline is empty from month 1, the others' from 2.5 + 1 on.
  expect(lineOf(months, 'vacancy')?.slice(0, 4)).toEqual([0, 4000, 4000, 8000]);
});

test('seats that join when the work is done are recruited and equipped all the same', () => {
  const { months } = flowOf('in_house', {
    ...{ hours: 150, seats: 3 },
    joins: [
      { month: 0, seats: 1 },
      { month: 9, seats: 2 },
    ],
  });
  expect(months).toHaveLength(14);
  expect(lineOf(months, 'equipment')?.at(-1)).toBe(6000);
  expect(lineOf(months, 'labour')?.slice(9)).toEqual(Array(5).fill(0));
});

test('bench and severance are paid after the delivery', () => {
  const { months, lines } = flowOf('in_house', TEAM, [
    { id: 'in_house.bench_months', value: 2, reason: 'notice' },
    { id: 'in_house.severance_months', value: 1, reason: 'law' },
  ]);
  expect(lines.bench).toBeGreaterThan(0);
  expect(months).toHaveLength(14);
  expect(lineOf(months, 'severance')?.slice(11)).toEqual([0, 0, lines.severance]);
  expect(lineOf(months, 'bench')?.slice(0, 11)).toEqual(Array(11).fill(0));
  expect(
    lineOf(months, 'bench')
      ?.slice(11)
      .every((amount) => amount > 0),
  ).toBe(true);
});

test('rounding is booked in the month of delivery', () => {
  const yen = { ...DOLLAR, currency: 'JPY', perDollar: 154.37 };
  const flows = [300, 310, 320, 330, 340, 350].map((hours) => flowOf('in_house', { hours, seats: 2 }, [], yen));
  const { months, lines } = flows.find((flow) => flow.lines.rounding !== 0) ?? (flows[0] as (typeof flows)[0]);
  expect(lines.rounding).not.toBe(0);
  expect(lineOf(months, 'rounding')).toEqual(months?.map((_, index) => (index === months.length - 1 ? lines.rounding : 0)));
});

test('a project of decades is not told month by month', () => {
  expect(flowOf('freelance', { hours: 200_000, seats: 2 }).months).toBeNull();
});

const projects = fc.integer({ min: 2, max: 40 }).chain((seats) =>
  fc.record({
    hours: fc.double({ min: 0.5, max: 20_000, noNaN: true }),
    seats: fc.constant(seats),
    joins: fc.option(
      fc.integer({ min: 1, max: seats - 1 }).chain((first) =>
        fc.double({ min: 0.01, max: 30, noNaN: true }).map((month) => [
          { month: 0, seats: first },
          { month, seats: seats - first },
        ]),
      ),
    ),
  }),
);

test('the months sum to the lines and to the total exactly, in any currency, and nothing but rounding is negative', () => {
  fc.assert(
    fc.property(
      ...[fc.constantFrom(...HIRING_MODELS), projects, fc.constantFrom(...RATES)],
      fc.double({ min: 0, max: 6, noNaN: true }),
      (model, project, rate, benchMonths) => {
        const overrides = ['in_house', 'hybrid'].flatMap((employer) =>
          ['bench_months', 'severance_months'].map((figure) => ({
            id: `${employer}.${figure}`,
            value: benchMonths,
            reason: 'x',
          })),
        );
        const { months, total, lines } = flowOf(model, project, overrides, rate);
        if (months === null) return;
        const units = (amount: number) => unitsOf(amount, rate.currency);
        for (const line of REPORTED_LINES) {
          expect(months.reduce((all, { cost }) => all + units(cost[line]), 0)).toBe(units(lines[line]));
        }
        expect(months.at(-1)?.cumulative).toBe(total);
        let cumulative = 0;
        for (const [index, month] of months.entries()) {
          const sum = REPORTED_LINES.reduce((all, line) => all + units(month.cost[line]), 0);
          cumulative += sum;
          expect([month.month, units(month.total), units(month.cumulative)]).toEqual([index + 1, sum, cumulative]);
          const { rounding, ...paid } = month.cost;
          expect(Object.values(paid).every((amount) => amount >= 0)).toBe(true);
          expect(Number.isFinite(rounding)).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});
