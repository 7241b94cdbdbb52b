import fc from 'fast-check';
import { anyJoins } from '../fixtures/any-estimate';
import { costCurve } from './cost-curve';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { evaluateModel, type ModelParameters } from './formulas';
import { overrideAssumptions } from './override-assumptions';
import { HIRING_MODELS, type HiringModel, type Join, parseProject } from './project';
import { monthsFor, stagesOf, suppliedUntil } from './ramp-in';

const STEPS: readonly Join[] = [
  { month: 0, seats: 1 },
  { month: 2, seats: 2 },
];

const estimateOf = (project: object, overrides: object[] = []) =>
  estimateProject(
    parseProject({ hours: 2700, seats: 3, ...project }),
    overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'tester'),
  );
const modelOf = (name: HiringModel, ...given: Parameters<typeof estimateOf>) =>
  estimateOf(...given).models.find(({ model }) => model === name);

describe('a team of one that becomes three after two months', () => {
  test('delivers what its seats deliver month by month', () => {
    const stages = stagesOf(parseProject({ hours: 1, seats: 3, joins: STEPS }), null) ?? [];
    // One seat-month a month for two months, then three.
    expect([1, 2, 5, 8].map((seatMonths) => monthsFor(stages, seatMonths))).toEqual([1, 2, 3, 4]);
    expect([1, 2, 3, 4].map((months) => suppliedUntil(stages, months))).toEqual([1, 2, 5, 8]);
  });

  test('freelancers cost the same and deliver later, by hand', () => {
    const [together, later] = [modelOf('freelance', {}), modelOf('freelance', { joins: STEPS })];
    expect({ ...later, intermediate: null, deliveryMonths: null }).toEqual({
      ...together,
      intermediate: null,
      deliveryMonths: null,
    });
    // W = 3107.25 as ever; W / h = 20.715 seat-months = 2 * 1 + 18.715, so Dw = 2 + 18.715 / 3 = 8.238333..
    expect(later?.intermediate).toMatchObject({
      W: expect.closeTo(3107.25, 9),
      X: expect.closeTo(0.66, 12),
      Dw: expect.closeTo(8.2383333333, 9),
    });
    // A leaver's seat is empty for T: 20.715 + 0.66 * 0.5 = 21.045 seat-months; D = 0.5 + 2 + 19.045 / 3 = 8.848333..
    expect(later?.deliveryMonths).toBe(8.8483);
  });

  test('in the hybrid the architect waits for the others and is paid, by hand', () => {
    // Nx = 0 then 2, Ne = 0.6 then 2.6; u = 2835 / 150 = 18.9 seat-months = 2 * 0.6 + 17.7, so D0 = 2 + 17.7 / 2.6 = 8.807692..
    // S0 = 2 * 6.807692.. = 13.615384..; X = 0.2 * S0 / 12 = 0.226923..; W = 2835 + 2.226923.. * 37.5 = 2918.509615..
    // W / h = 19.456730.. = 1.2 + 18.256730.., so Dw = 2 + 7.021819.. = 9.021819.. and the augmented work 14.043639.. seat-months
    // labour = 150 (70 * 14.043639.. + 111.418666.. * 9.021819..)
    const D0 = 2 + 17.7 / 2.6;
    const X = (0.2 * 2 * (D0 - 2)) / 12;
    const W = 2835 + (2 + X) * 37.5;
    const Dw = 2 + (W / 150 - 1.2) / 2.6;
    const labour = 150 * (70 * 2 * (Dw - 2) + ((156_000 * 1.2856) / 1800) * Dw);
    const hybrid = modelOf('hybrid', { joins: STEPS });
    expect(hybrid?.intermediate.Dw).toBeCloseTo(9.0218195, 6);
    expect(hybrid?.breakdown.labour).toBeCloseTo(labour, 2);
    expect(hybrid?.total).toBe(298_238.08);
    expect(hybrid?.deliveryMonths).toBe(9.5655);
  });

  test('who joins when the work is done is paid all the same, and that is told', () => {
    const joins = [
      { month: 0, seats: 2 },
      { month: 60, seats: 1 },
    ];
    const late = estimateOf({ hours: 900, joins, models: ['freelance', 'in_house'] });
    expect(late.models.map(({ total }) => total)).toEqual(
      estimateOf({ hours: 900, models: ['freelance', 'in_house'] }).models.map(({ total }) => total),
    );
    expect(late.warnings).toContain(
      'Freelance finishes 3.8 months after the first start, before 1 of the 3 seats joins; hiring them is costed all the same.',
    );
    expect(estimateOf({ hours: 90_000, joins }).warnings.join()).not.toContain('is costed all the same');
  });
});

const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
const hybrids: fc.Arbitrary<ModelParameters> = fc
  .record({
    team: anyJoins,
    share: fc.oneof(fc.constant(0), amount(1)),
    figures: fc.record({
      hoursPerMonth: fc.double({ min: 80, max: 200, noNaN: true }),
      monthsToStart: amount(12),
      rampMonths: amount(6),
      dayOneProductivity: amount(1),
      rework: amount(1),
      annualExits: amount(2),
      management: amount(1),
      managerCost: amount(300),
      engineerCost: amount(300),
      architectCost: amount(300),
      recruiting: amount(50_000),
      vacancyCost: amount(10_000),
      toleratedDelay: amount(3),
      equipment: amount(5000),
      bench: amount(500_000),
      severance: amount(100_000),
      workFactor: fc.double({ min: 0.5, max: 1, noNaN: true }),
    }),
  })
  .map(({ team, share, figures }) => {
    const stages = stagesOf({ ...parseProject({ hours: 1, ...team }) }, share);
    return { ...figures, model: 'hybrid', seats: team.seats - 1, capacity: team.seats - 1 + share, stages, benchMonths: 0 };
  });

describe('for any hybrid that ramps in', () => {
  test('the curve is the cost, and its segments meet', () => {
    fc.assert(
      fc.property(hybrids, fc.double({ min: 0.001, max: 1e5, noNaN: true }), (parameters, hours) => {
        const curve = costCurve(parameters);
        const costAt = (at: number) => {
          const { fixed, perHour } = curve.findLast(({ from }) => from <= at) ?? { fixed: Number.NaN, perHour: Number.NaN };
          return fixed + perHour * at;
        };
        const isClose = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, a, b);
        expect(isClose(costAt(hours), evaluateModel(parameters, hours).total)).toBe(true);
        for (const { from, fixed, perHour } of curve.slice(1))
          expect(isClose(fixed + perHour * from, evaluateModel(parameters, from).total)).toBe(true);
        expect(curve.map(({ from }) => from)).toEqual(curve.map(({ from }) => from).sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  test('more hours never cost less or deliver sooner', () => {
    fc.assert(
      fc.property(hybrids, amount(1e5), amount(1e5), (parameters, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((hours) => evaluateModel(parameters, hours + 0.01));
        expect((more?.total ?? 0) >= (less?.total ?? 0) * (1 - 1e-12)).toBe(true);
        expect((more?.intermediate.D ?? 0) >= (less?.intermediate.D ?? 0) * (1 - 1e-12)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test('joining later never delivers sooner', () => {
  fc.assert(
    fc.property(
      anyJoins,
      fc.double({ min: 1, max: 1e5, noNaN: true }),
      fc.double({ min: 1, max: 2, noNaN: true }),
      (team, hours, factor) => {
        const later = team.joins.map(({ month, seats }) => ({ month: month * factor, seats }));
        const [first, second] = [team.joins, later].map((joins) => estimateOf({ hours, seats: team.seats, joins }).models);
        for (const [index] of HIRING_MODELS.entries())
          expect(second?.[index]?.deliveryMonths).toBeGreaterThanOrEqual(first?.[index]?.deliveryMonths ?? 0);
      },
    ),
  );
});
