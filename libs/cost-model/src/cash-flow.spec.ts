import fc from 'fast-check';
import { AssumptionSet } from './assumption';
import { cashFlow } from './cash-flow';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { evaluateModel } from './formulas';
import { hoursFactor, modelParameters } from './model-parameters';
import { toCents } from './money';
import { HIRING_MODELS, type HiringModel, parseProject } from './project';

function flowOf(model: HiringModel, hours: number, seats: number) {
  const project = parseProject({ hours, seats });
  const set = new AssumptionSet(DEFAULT_ASSUMPTIONS);
  const parameters = modelParameters(model, project, set);
  const result = evaluateModel(parameters, hours * hoursFactor(project, set));
  return { ...cashFlow(parameters, result), result };
}

const cents = (dollars: number) => Math.round(dollars * 100);

test('the worked example of in-house: empty seats first, then people, then work', () => {
  const { months } = flowOf('in_house', 2700, 3);
  expect(months).toHaveLength(12);
  const of = (line: keyof (typeof months)[0]['cost']) => months.map(({ cost }) => cost[line]);
  // 3 seats x 4,000 a month from month 2 to 4; the rest belongs to those who replace leavers.
  expect(of('vacancy').slice(0, 4)).toEqual([0, 12_000, 12_000, 12_000]);
  expect(of('labour').slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(of('equipment').slice(0, 6)).toEqual([0, 0, 0, 0, 9000, 0]);
  expect(Number(of('recruiting')[4])).toBeGreaterThan(3 * 24_170);
  expect(months.at(-1)?.cumulative).toBe(451_703.26);
});

test('the months sum to the estimate to the cent, and nothing is negative', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...HIRING_MODELS),
      fc.double({ min: 0.5, max: 100_000, noNaN: true }),
      fc.integer({ min: 2, max: 40 }),
      (model, hours, seats) => {
        const { months, result } = flowOf(model, hours, seats);
        let total = 0;
        for (const line of ['labour', 'management', 'recruiting', 'vacancy', 'equipment'] as const) {
          const sum = months.reduce((all, { cost }) => all + cents(cost[line]), 0);
          expect(Math.abs(sum - cents(toCents(result.breakdown[line])))).toBeLessThanOrEqual(1);
          total += sum;
        }
        expect(cents(months.at(-1)?.cumulative ?? Number.NaN)).toBe(total);
        expect(total).toBe(cents(toCents(result.total)));
        expect(months.every(({ cost }) => Object.values(cost).every((amount) => amount >= 0))).toBe(true);
        expect(months.map(({ month }) => month)).toEqual(months.map((_, index) => index + 1));
      },
    ),
    { numRuns: 200 },
  );
});
