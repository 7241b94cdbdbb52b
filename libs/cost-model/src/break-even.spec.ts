import fc from 'fast-check';
import { anyProject, extremeOverrides, overriddenBy } from '../fixtures/any-estimate';
import { type Assumption, AssumptionSet } from './assumption';
import { type BreakEven, breakEven } from './break-even';
import type { CostCurve } from './cost-curve';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject, evaluateModels } from './estimate';
import { EstimateInputError } from './input-error';
import { overrideAssumptions } from './override-assumptions';
import { HIRING_MODELS, type HiringModel, type Project, parseProject } from './project';

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly cheaper: HiringModel | null;
}

/** Between crossings, which model is said to be cheaper; the last stretch ends at the largest project. */
function stretchesOf({ hours, cheaperBelow, cheaperAbove, further }: BreakEven): Stretch[] {
  const ends = hours === null ? [] : [{ hours, cheaperAbove }, ...further];
  const starts = [{ hours: 0, cheaperAbove: cheaperBelow }, ...ends];
  return starts.map((start, index) => ({ from: start.hours, to: ends[index]?.hours ?? 1e9, cheaper: start.cheaperAbove }));
}

/** Both costs of a project of that size, or null where it is refused as too large. */
function costsAt(
  project: Project,
  assumptions: readonly Assumption[],
  hours: number,
  models: BreakEven['models'],
): number[] | null {
  try {
    const evaluated = evaluateModels({ ...project, hours }, new AssumptionSet(assumptions));
    return models.map((model) => evaluated[model].result.total);
  } catch (error) {
    if (error instanceof EstimateInputError) return null;
    throw error;
  }
}

/** What cancels where a line of a later segment is evaluated. */
function scaleOf(project: Project, assumptions: readonly Assumption[]): number {
  const evaluated = evaluateModels(project, new AssumptionSet(assumptions));
  return Math.max(...HIRING_MODELS.flatMap((model) => evaluated[model].curve.map(({ fixed }) => Math.abs(fixed))));
}

/** @returns how many crossings were looked at */
function expectTrue(project: Project, assumptions: readonly Assumption[]): number {
  let seen = 0;
  const scale = scaleOf(project, assumptions);
  for (const each of estimateProject(project, assumptions).breakEvens) {
    const crossings = each.hours === null ? [] : [{ hours: each.hours, cost: each.cost }, ...each.further];
    for (const { hours, cost } of crossings) {
      const costs = costsAt(project, assumptions, hours, each.models);
      if (costs === null) continue;
      seen += 1;
      for (const found of costs) expect(Math.abs(found - Number(cost))).toBeLessThanOrEqual(1e-9 * (found + scale));
    }
    for (const { from, to, cheaper } of stretchesOf(each)) {
      for (const share of [0.01, 0.5, 0.99]) {
        const costs = costsAt(project, assumptions, from + (to - from) * share, each.models);
        if (costs === null) continue;
        const [one, other] = costs as [number, number];
        if (Math.abs(one - other) <= 1e-9 * (one + other + scale)) continue;
        expect({ each, found: one < other ? each.models[0] : each.models[1] }).toEqual({ each, found: cheaper });
      }
    }
  }
  return seen;
}

describe('of any project', () => {
  test('both models cost what is said where they cross, and the named one is cheaper on either side', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyProject, (project) => {
        seen += expectTrue(project, DEFAULT_ASSUMPTIONS);
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  test('with any figures too', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyProject, extremeOverrides, (project, overrides) => {
        try {
          seen += expectTrue(project, overriddenBy(overrides));
        } catch (error) {
          if (!(error instanceof EstimateInputError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(50);
  });
});

test('a hybrid whose engineers join later may be overtaken and overtake again', () => {
  // Alone the architect costs 111.42 / 0.6 = 185.70 per hour delivered, more than freelancers do; with two engineers 96.70, less.
  const project = parseProject({
    hours: 2700,
    seats: 3,
    models: ['freelance', 'hybrid'],
    joins: [
      { month: 0, seats: 1 },
      { month: 12, seats: 2 },
    ],
  });
  const equipped = overrideAssumptions(
    DEFAULT_ASSUMPTIONS,
    [{ id: 'freelance.equipment', value: 5000, reason: 'their laptops are ours' }],
    'tester',
  );
  const [found] = estimateProject(project, equipped).breakEvens as [BreakEven];
  expect(found).toMatchObject({ cheaperBelow: 'hybrid', cheaperAbove: 'freelance' });
  expect(found.further).toEqual([
    { hours: expect.any(Number), months: expect.any(Number), cost: expect.any(Number), cheaperAbove: 'hybrid' },
  ]);
  expect(expectTrue(project, equipped)).toBe(2);
  // The whole team of three works one month in the first year's pace of one seat, then with three.
  const hours = found.further[0]?.hours ?? 0;
  expect(found.further[0]?.months).toBeCloseTo(hours / 150 <= 12 ? hours / 150 : 12 + (hours / 150 - 12) / 3, 9);
});

describe('of curves', () => {
  const months = (hours: number) => hours / 100;
  const between = (a: CostCurve, b: CostCurve) =>
    breakEven({ model: 'hybrid', curve: a }, { model: 'in_house', curve: b }, months);
  const line = (fixed: number, perHour: number): CostCurve => [{ from: 0, fixed, perHour }];

  test('the crossing has hours, months and cost', () => {
    expect(between(line(100, 3), line(300, 1))).toEqual({
      models: ['hybrid', 'in_house'],
      hours: 100,
      months: 1,
      cost: 400,
      cheaperBelow: 'hybrid',
      cheaperAbove: 'in_house',
      further: [],
    });
  });

  test('where they only touch, neither becomes cheaper', () => {
    const bent: CostCurve = [
      { from: 0, fixed: 200, perHour: 0 },
      { from: 100, fixed: 0, perHour: 2 },
    ];
    expect(between(bent, line(100, 1))).toMatchObject({ hours: null, cheaperBelow: 'in_house', cheaperAbove: 'in_house' });
  });

  test('where they run together for a while, they cross where that begins', () => {
    const bent: CostCurve = [
      { from: 0, fixed: 200, perHour: 0 },
      { from: 100, fixed: 100, perHour: 1 },
      { from: 300, fixed: 250, perHour: 0.5 },
    ];
    expect(between(bent, line(100, 1))).toMatchObject({
      hours: 100,
      cost: 200,
      cheaperBelow: 'in_house',
      cheaperAbove: 'hybrid',
    });
  });

  test('from the same start, the flatter one is always cheaper', () => {
    expect(between(line(100, 1), line(100, 2))).toMatchObject({ hours: null, cost: null, cheaperBelow: 'hybrid' });
  });

  test('a crossing beyond the largest project is none', () => {
    expect(between(line(0, 1 + 1e-9), line(10, 1))).toMatchObject({
      hours: null,
      cheaperBelow: 'hybrid',
      cheaperAbove: 'hybrid',
    });
  });
});
