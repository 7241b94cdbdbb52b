import fc from 'fast-check';
import { breakEven } from './break-even';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { type Estimate, estimateProject } from './estimate';
import { costLine, evaluateModel, type ModelParameters } from './formulas';
import { overrideAssumptions } from './override-assumptions';
import { HIRING_MODELS, parseProject } from './project';

const estimateOf = (project: object, overrides: object[] = []) =>
  estimateProject(parseProject(project), overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'tester'));

const totals = ({ models }: Estimate) => models.map(({ total }) => total);

describe('break-even', () => {
  const { breakEvens } = estimateOf({ hours: 2700, seats: 3 });

  test('covers every pair', () => {
    expect(breakEvens.map(({ models }) => models.join('/'))).toEqual([
      'freelance/in_house',
      'freelance/hybrid',
      'freelance/staff_augmentation',
      'in_house/hybrid',
      'in_house/staff_augmentation',
      'hybrid/staff_augmentation',
    ]);
  });

  test('freelance against in-house, by hand', () => {
    // freelance: F = 3 (37.5 * 114.75 + 500) = 14,409.375; k = 1.1 [ (1 + 0.4 * 37.5 / 1800) 114.75 + (0.4 / 1800) 500 ] = 127.399097..
    // in-house: c + mu cg = 96.31375..; F = 3 (168.75 * 96.31375.. + 24,170 + 12,000 + 3000) = 166,268.84..
    //   k = 1.05 [ (1 + 0.15 * 168.75 / 1800) 96.31375.. + (0.15 / 1800) 36,170 ] = 105.716429..
    const employee = (120_850 * 1.2856) / 1800 + 10;
    const freelance = { F: 14_409.375, k: 1.1 * ((1 + 15 / 1800) * 114.75 + 200 / 1800) };
    const inHouse = {
      F: 3 * (168.75 * employee + 39_170),
      k: 1.05 * ((1 + 25.3125 / 1800) * employee + 5425.5 / 1800),
    };
    const hours = (inHouse.F - freelance.F) / (freelance.k - inHouse.k);
    expect(breakEvens[0]).toMatchObject({ cheaperBelow: 'freelance', cheaperAbove: 'in_house' });
    expect(breakEvens[0]?.hours).toBeCloseTo(hours, 6);
    expect(breakEvens[0]?.months).toBeCloseTo(hours / 450, 9);
    expect(breakEvens[0]?.cost).toBeCloseTo(906_678.64, 2); // 14,409.375 + 127.399097.. * 7,003.733
  });

  test('both models cost the same there, and the named one is cheaper on either side', () => {
    for (const { models, hours, cheaperBelow, cheaperAbove } of breakEvens.filter((one) => one.hours !== null)) {
      const cheaperAt = (h: number) => {
        const asked = estimateOf({ hours: h, seats: 3, models }).models;
        return [...asked].sort((a, b) => a.total - b.total)[0]?.model;
      };
      const [a, b] = totals(estimateOf({ hours, seats: 3, models }));
      expect(a).toBeCloseTo(b ?? Number.NaN, 2);
      expect(cheaperAt((hours ?? 0) * 0.9)).toBe(cheaperBelow);
      expect(cheaperAt((hours ?? 0) * 1.1)).toBe(cheaperAbove);
    }
  });

  test('never is null, neither infinity nor NaN', () => {
    const line = (model: 'freelance' | 'in_house', fixed: number, perHour: number) => ({
      model,
      curve: [{ from: 0, fixed, perHour }],
    });
    const months = (hours: number) => hours / 450;
    const none = { hours: null, months: null, cost: null, further: [] };
    const models = ['freelance', 'in_house'];
    expect(breakEven(line('freelance', 1, 5), line('in_house', 1, 5), months)).toEqual({
      models,
      ...none,
      cheaperBelow: null,
      cheaperAbove: null,
    });
    const freelanceAlways = { models, ...none, cheaperBelow: 'freelance', cheaperAbove: 'freelance' };
    expect(breakEven(line('freelance', 1, 5), line('in_house', 2, 5), months)).toEqual(freelanceAlways);
    expect(breakEven(line('freelance', 1, 5), line('in_house', 2, 6), months)).toEqual(freelanceAlways);
    expect(breakEven(line('freelance', 2, 5), line('in_house', 2, 6), months)).toEqual(freelanceAlways);
  });
});

test('keeps what the claims are compared with, also where a claim stands in for it', () => {
  const claims = [
    { id: 'C6', enabled: true, reason: 'A contract says so.' },
    { id: 'C7', enabled: true, reason: 'A contract says so.' },
  ];
  const kept = estimateOf({ hours: 2700, seats: 3 }, claims).assumptions.map(({ id }) => id);
  expect(kept).toEqual(expect.arrayContaining(['C6', 'C7', 'staff_augmentation.months_to_start', 'partner_rate']));
});

describe('seniority mix', () => {
  test('all mid-level costs the middle of the ranges at productivity 1', () => {
    const mid = estimateOf({ hours: 2700, seats: 3, seniorityMix: { mid: 1 } });
    expect(totals(mid)).toEqual(totals(estimateOf({ hours: 2700, seats: 3 }, [{ id: 'C1', reading: 'mode', reason: 'mid' }])));
  });

  test('half junior, half senior: hours over 0.95, prices averaged', () => {
    const mixed = estimateOf({ hours: 950, seats: 2, seniorityMix: { junior: 0.5, senior: 0.5 } });
    const [freelance, inHouse] = mixed.models;
    expect(freelance?.intermediate.c).toBeCloseTo(70 * 1.05, 12); // (45 + 95) / 2
    expect(freelance?.intermediate.D0).toBeCloseTo((1000 * 1.1) / 300, 12); // 950 / (0.5 * 0.7 + 0.5 * 1.2) = 1000
    expect(inHouse?.intermediate.c).toBeCloseTo((120_850 * 1.2856) / 1800, 12);
  });

  test('break-even stays in the hours of the project', () => {
    const project = { seats: 3, seniorityMix: { junior: 0.25, mid: 0.25, senior: 0.5 } };
    const { breakEvens } = estimateOf({ ...project, hours: 1000 });
    const crossing = breakEvens.find(({ hours }) => hours !== null);
    const [a, b] = totals(estimateOf({ ...project, hours: crossing?.hours, models: crossing?.models }));
    expect(a).toBeCloseTo(b ?? Number.NaN, 2);
    // Three seats that do 0.25 * 0.7 + 0.25 * 1 + 0.5 * 1.2 = 1.025 hours of the project in an hour.
    expect(crossing?.months).toBeCloseTo((crossing?.hours ?? 0) / 1.025 / 450, 9);
  });
});

describe('after the project', () => {
  const kept = (model: string, bench: number, severance: number) => [
    { id: `${model}.bench_months`, value: bench, reason: 'the next project' },
    { id: `${model}.severance_months`, value: severance, reason: 'our contracts' },
  ];
  const project = { hours: 2700, seats: 3 };

  test('nobody costs anything by default', () => {
    for (const { breakdown } of estimateOf(project).models) expect(breakdown).toMatchObject({ bench: 0, severance: 0 });
  });

  test('those who are employed wait on the bench at full cost and leave with months of salary, by hand', () => {
    const before = estimateOf(project);
    const after = estimateOf(project, [...kept('in_house', 2, 1.5), ...kept('hybrid', 1, 3)]);
    // in-house: 3 seats * 2 months * 120,850 * 1.2856 / 12 = 77,682.38; 3 * 1.5 * 120,850 / 12 = 45,318.75
    expect(after.models[1]).toMatchObject({
      breakdown: { ...before.models[1]?.breakdown, bench: 77_682.38, severance: 45_318.75 },
      total: 574_704.39, // 451,703.2586 + 77,682.38 + 45,318.75
      deliveryMonths: before.models[1]?.deliveryMonths,
    });
    // hybrid: the architect alone, 156,000 * 1.2856 / 12 = 16,712.80; 3 * 156,000 / 12 = 39,000
    expect(after.models[2]?.breakdown).toMatchObject({ bench: 16_712.8, severance: 39_000 });
    expect([after.models[0], after.models[3]]).toEqual([before.models[0], before.models[3]]);
  });

  test('a seniority mix settles the salary that is paid', () => {
    const mixed = estimateOf({ ...project, seniorityMix: { junior: 0.5, senior: 0.5 } }, kept('in_house', 0, 12));
    expect(mixed.models[1]?.breakdown.severance).toBe(3 * 120_850); // (85,700 + 156,000) / 2
  });

  test('it is a fixed cost, so that in-house breaks even later', () => {
    const [before] = estimateOf(project).breakEvens;
    const [after] = estimateOf(project, kept('in_house', 1, 1)).breakEvens;
    expect(after?.hours).toBeGreaterThan(before?.hours ?? Number.POSITIVE_INFINITY);
  });
});

describe('for any parameters', () => {
  const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
  const parameters: fc.Arbitrary<ModelParameters> = fc.record({
    model: fc.constantFrom(...HIRING_MODELS),
    seats: fc.integer({ min: 1, max: 50 }),
    capacity: fc.double({ min: 0.5, max: 51, noNaN: true }),
    stages: fc.constant(null),
    hoursPerMonth: fc.double({ min: 80, max: 200, noNaN: true }),
    monthsToStart: amount(12),
    rampMonths: amount(6),
    dayOneProductivity: amount(1),
    rework: amount(1),
    annualExits: amount(2),
    management: amount(1),
    managerCost: amount(300),
    engineerCost: amount(300),
    architectCost: fc.option(amount(300)),
    recruiting: amount(50_000),
    vacancyCost: amount(10_000),
    toleratedDelay: amount(3),
    equipment: amount(5000),
    bench: amount(500_000),
    benchMonths: amount(6),
    severance: amount(100_000),
    workFactor: fc.double({ min: 0.5, max: 1, noNaN: true }),
  });

  test('cost is the line F + k H', () => {
    fc.assert(
      fc.property(parameters, fc.double({ min: 1, max: 1e5, noNaN: true }), (p, hours) => {
        const { fixed, perHour } = costLine(p);
        const { total } = evaluateModel(p, hours);
        expect(Math.abs(total - (fixed + perHour * hours))).toBeLessThanOrEqual(1e-9 * Math.max(1, total));
      }),
    );
  });

  test('more hours never cost less or deliver sooner', () => {
    fc.assert(
      fc.property(parameters, fc.double({ min: 1, max: 1e5, noNaN: true }), (p, hours) => {
        const [less, more] = [evaluateModel(p, hours), evaluateModel(p, hours * 1.01)];
        expect(more.total).toBeGreaterThanOrEqual(less.total);
        expect(more.intermediate.D).toBeGreaterThanOrEqual(less.intermediate.D);
      }),
    );
  });
});

test('only the models asked for are reported, in their usual order', () => {
  const { models, breakEvens } = estimateOf({ hours: 100, seats: 1, models: ['in_house', 'freelance'] });
  expect(models.map(({ model }) => model)).toEqual(['freelance', 'in_house']);
  expect(breakEvens).toHaveLength(1);
});

test('a salary that the productive hours of a year do not pay for is warned about', () => {
  const told = (project: object, overrides: object[] = []) =>
    estimateOf({ hours: 900, seats: 3, ...project }, overrides).warnings.filter((text) => text.includes('of the salary'));
  expect(told({ hoursPerMonth: 120 })).toEqual([
    'Salaries are divided by 1800 hours worked a year (worked_hours_per_year), and twelve months have 1440 productive ones (h): a year of work is costed at 80% of the salary. Set one to the other to cost all of it.',
  ]);
  expect(told({ hoursPerMonth: 160 })[0]).toContain('107% of the salary');
  expect(told({})).toEqual([]);
  expect(told({ hoursPerMonth: 120, models: ['freelance', 'staff_augmentation'] })).toEqual([]);
  expect(told({ hoursPerMonth: 120 }, [{ id: 'worked_hours_per_year', value: 1440, reason: 'part of it is support' }])).toEqual(
    [],
  );
});

test("a project's own hours per month replace the assumption", () => {
  const estimate = estimateOf({ hours: 2700, seats: 3, hoursPerMonth: 160 });
  expect(estimate.models[0]?.intermediate.l).toBe(40);
  expect(estimate.assumptions.some(({ id }) => id === 'hours_per_month')).toBe(false);
});

test('a hybrid of one seat is the architect alone, and needs some of the architect', () => {
  const alone = estimateOf({ hours: 90, seats: 1, models: ['hybrid'] });
  expect(alone.warnings).toEqual(['With one seat, the hybrid is the architect alone.']);
  // 90 * 1.05 / (0.6 * 150) = 1.05 months of 150 paid hours at 111.41866..
  expect(alone.models[0]).toMatchObject({ total: 17_548.44, deliveryMonths: 1.55 });
  const absent = [{ id: 'hybrid.architect_share', value: 0, reason: 'plans only' }];
  expect(() => estimateOf({ hours: 90, seats: 1 }, absent)).toThrow(
    'assumptions.hybrid.architect_share: must be above 0 when the project has one seat',
  );
});

test('results out of all proportion are refused, not infinite', () => {
  expect(() => estimateOf({ hours: 1e9, seats: 1 })).toThrow(/^project: comes to USD .* with freelance; check hours/);
  expect(() => estimateOf({ hours: 1e6, seats: 3, hoursPerMonth: Number.MIN_VALUE })).toThrow(/^project: comes to/);
});

test('the same input gives the same estimate', () => {
  expect(estimateOf({ hours: 1234.5, seats: 7 })).toEqual(estimateOf({ hours: 1234.5, seats: 7 }));
});
