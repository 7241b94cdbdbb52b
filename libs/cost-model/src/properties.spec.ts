import fc from 'fast-check';
import type { Assumption } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { type Estimate, estimateProject } from './estimate';
import { overrideAssumptions } from './override-assumptions';
import { HIRING_MODELS, parseProject } from './project';
import { simulate } from './simulation/simulate';

/** Any project of a size that people estimate. */
const projects = fc
  .record({
    hours: fc.double({ min: 1, max: 200_000, noNaN: true }),
    seats: fc.integer({ min: 2, max: 60 }),
    framework: fc.constantFrom('django', 'flask'),
    builtInFeatures: fc.integer({ min: 0, max: 6 }),
  })
  .map((input) => parseProject(input));

const FIGURES = HIRING_MODELS.flatMap((model) =>
  ['months_to_start', 'ramp_months', 'rework', 'annual_exits', 'management', 'equipment'].map((figure) => `${model}.${figure}`),
).filter((id) => DEFAULT_ASSUMPTIONS.some((assumption) => assumption.id === id));

function override(id: string, value: number, base: readonly Assumption[] = DEFAULT_ASSUMPTIONS): Assumption[] {
  return overrideAssumptions(base, [{ id, value, reason: 'a property' }], 'someone@example.com');
}

const totals = (estimate: Estimate) => estimate.models.map(({ total }) => total);

test.each([...FIGURES, 'C1', 'C3', 'C5', 'partner_rate', 'manager_cost', 'vacancy_cost', 'employer_load'])(
  'more of %s never makes a model cheaper',
  (id) => {
    const amount = fc.double({ min: 0.01, max: 3, noNaN: true });
    fc.assert(
      fc.property(projects, amount, amount, (project, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((value) =>
          totals(estimateProject(project, override(id, value))),
        );
        expect(more?.every((total, index) => total >= Number(less?.[index]))).toBe(true);
      }),
      { numRuns: 40 },
    );
  },
);

test('any valid input gives finite amounts that are not negative, in estimate and simulation', () => {
  const amount = fc.double({ min: 0.01, max: 50, noNaN: true });
  fc.assert(
    fc.property(projects, fc.constantFrom(...FIGURES), amount, (project, id, value) => {
      const assumptions = override(id, value);
      const estimate = estimateProject(project, assumptions);
      for (const { total, deliveryMonths, breakdown } of estimate.models) {
        for (const figure of [total, deliveryMonths, ...Object.values(breakdown)]) {
          expect(Number.isFinite(figure) && figure >= 0).toBe(true);
        }
      }
      for (const { cost, delivery } of simulate(project, assumptions, { draws: 100, seed: 1 }).models) {
        for (const { p10, p50, p90, mean } of [cost, delivery]) {
          const figures = [p10.value, p50.value, p90.value];
          expect(figures).toEqual([...figures].sort((a, b) => a - b));
          expect([...figures, mean].every((figure) => Number.isFinite(figure) && figure >= 0)).toBe(true);
        }
      }
    }),
    { numRuns: 100 },
  );
});
