import fc from 'fast-check';
import { anyProject, extremeOverrides, overriddenBy } from '../fixtures/any-estimate';
import { type Assumption, AssumptionSet, isRange } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { evaluateModels } from './estimate';
import { EstimateInputError } from './input-error';
import { overrideAssumptions } from './override-assumptions';
import { HIRING_MODELS, type HiringModel, type Project } from './project';

const FIGURES = HIRING_MODELS.flatMap((model) =>
  [
    'months_to_start',
    'ramp_months',
    'rework',
    'annual_exits',
    'management',
    'recruiting',
    'recruiting_share',
    'platform_fee',
    'equipment',
    'bench_months',
    'severance_months',
    'architect_salary',
  ].map((figure) => `${model}.${figure}`),
).filter((id) => DEFAULT_ASSUMPTIONS.some((assumption) => assumption.id === id));

function override(id: string, value: number): Assumption[] {
  return overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id, value, reason: 'a property' }], 'someone@example.com');
}

interface Outcome {
  readonly model: HiringModel;
  readonly total: number;
  readonly delivery: number;
}

function outcomes(project: Project, assumptions: readonly Assumption[]): Outcome[] {
  const evaluated = evaluateModels(project, new AssumptionSet(assumptions));
  return HIRING_MODELS.map((model) => {
    const { total, intermediate } = evaluated[model].result;
    return { model, total, delivery: intermediate.D };
  });
}

/** Neither dearer nor later but for rounding of the last digits. */
function neverLess(less: readonly Outcome[], more: readonly Outcome[]): void {
  for (const [index, { model, total, delivery }] of less.entries()) {
    const other = more[index] as Outcome;
    const isSound = other.total >= total * (1 - 1e-12) && other.delivery >= delivery * (1 - 1e-12);
    expect({ model, isSound, less: less[index], more: other }).toMatchObject({ isSound: true });
  }
}

describe('with or without a ramp-in, with or without a seniority mix', () => {
  test.each([...FIGURES, 'C1', 'C3', 'C5', 'partner_rate', 'manager_cost', 'vacancy_cost', 'employer_load'])(
    'more of %s never makes a model cheaper or sooner',
    (id) => {
      const amount = fc.oneof(fc.constant(0.001), fc.double({ min: 0.01, max: 3, noNaN: true }));
      fc.assert(
        fc.property(anyProject, amount, amount, (project, one, other) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)];
          neverLess(outcomes(project, override(id, less)), outcomes(project, override(id, more)));
        }),
        { numRuns: 60 },
      );
    },
  );

  test('more hours never make a model cheaper or sooner', () => {
    fc.assert(
      fc.property(anyProject, fc.double({ min: 1, max: 3, noNaN: true }), (project, factor) => {
        const more = { ...project, hours: project.hours * factor };
        neverLess(outcomes(project, DEFAULT_ASSUMPTIONS), outcomes(more, DEFAULT_ASSUMPTIONS));
      }),
      { numRuns: 300 },
    );
  });

  test('a dearer rate costs more, by its share of the labour', () => {
    fc.assert(
      fc.property(anyProject, fc.double({ min: 10, max: 200, noNaN: true }), (project, rate) => {
        const at = (value: number) => evaluateModels(project, new AssumptionSet(override('C1', value))).freelance.result;
        const [one, twice] = [at(rate), at(2 * rate)];
        expect(twice.total - one.total).toBeCloseTo(one.breakdown.labour, 3);
      }),
      { numRuns: 100 },
    );
  });
});

/** Null for what is refused as out of all proportion. */
function estimable<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof EstimateInputError) return null;
    throw error;
  }
}

test('cost is F + k H in the hours of the project, for any figures, claims, seniority mix and ramp-in', () => {
  let compared = 0;
  fc.assert(
    fc.property(anyProject, extremeOverrides, fc.double({ min: 0.01, max: 100, noNaN: true }), (project, overrides, factor) => {
      const assumptions = overriddenBy(overrides);
      const evaluated = estimable(() => evaluateModels(project, new AssumptionSet(assumptions)));
      const other = estimable(() =>
        evaluateModels({ ...project, hours: project.hours * factor }, new AssumptionSet(assumptions)),
      );
      if (evaluated === null || other === null) return;
      compared += 1;
      for (const model of HIRING_MODELS) {
        const { curve } = evaluated[model];
        expect(curve.length === 1 || (model === 'hybrid' && project.joins !== null)).toBe(true);
        for (const [hours, { result }] of [
          [project.hours, evaluated[model]],
          [project.hours * factor, other[model]],
        ] as const) {
          const segment = curve.findLast(({ from }) => from <= hours);
          const onCurve = (segment?.fixed ?? Number.NaN) + (segment?.perHour ?? Number.NaN) * hours;
          // Where a later segment starts far above 0, its F and k H are large and of opposite sign.
          const scale = Math.max(result.total, Math.abs(segment?.fixed ?? 0));
          expect({ model, off: Math.abs(onCurve - result.total) <= 1e-9 * scale }).toEqual({ model, off: true });
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(compared).toBeGreaterThan(100);
});

test('every range has figures that lie in it', () => {
  expect(DEFAULT_ASSUMPTIONS.filter(isRange).every(({ low, mode, high }) => low <= mode && mode <= high)).toBe(true);
});
