import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { type Estimate, estimateProject, type ModelEstimate } from './estimate';
import { toDecimals } from './money';
import { overrideAssumptions } from './override-assumptions';
import { type HiringModel, parseProject } from './project';

/** The worked example of docs/COST-MODEL.md; its parameters are the defaults. */
const estimate = estimateProject(parseProject({ hours: 2700, seats: 3 }), DEFAULT_ASSUMPTIONS);

function modelOf(from: Estimate, name: HiringModel): ModelEstimate {
  const model = from.models.find((one) => one.model === name);
  if (model === undefined) throw new Error(`no ${name}`);
  return model;
}

describe('freelance', () => {
  const freelance = modelOf(estimate, 'freelance');

  test.each([
    ['c', 99.75, 2],
    ['l', 37.5, 1],
    ['D0', 6.6, 1],
    ['X', 0.66, 2],
    ['W', 3107.25, 2],
    ['Dw', 6.905, 3],
    ['D', 7.515, 3],
  ] as const)('%s is %d', (symbol, expected, places) => {
    expect(toDecimals(freelance.intermediate[symbol], places)).toBe(expected);
    expect(freelance.intermediate[symbol]).toBeCloseTo(expected, 9);
  });

  test('costs, to the cent', () => {
    expect(freelance.breakdown).toEqual({
      labour: 309_948.19,
      management: 46_608.75,
      recruiting: 1830,
      vacancy: 0,
      equipment: 0,
      bench: 0,
      severance: 0,
    });
    expect(freelance.total).toBe(358_386.94);
    expect(freelance.deliveryMonths).toBe(7.515);
  });
});

describe('in-house', () => {
  const inHouse = modelOf(estimate, 'in_house');

  test.each([
    ['c', 86.3138, 4],
    ['l', 168.75, 2],
    ['D0', 6.3, 1],
    ['X', 0.23625, 5],
    ['W', 3381.117, 3],
    ['Dw', 7.5136, 4],
    ['D', 11.8286, 4],
  ] as const)('%s is %d', (symbol, expected, places) => {
    expect(toDecimals(inHouse.intermediate[symbol], places)).toBe(expected);
  });

  test('costs, to the cent', () => {
    expect(inHouse.breakdown).toEqual({
      labour: 291_836.92,
      management: 33_811.17,
      recruiting: 78_220.16,
      vacancy: 38_835,
      equipment: 9000,
      bench: 0,
      severance: 0,
    });
    expect(inHouse.total).toBe(451_703.26);
    expect(inHouse.deliveryMonths).toBe(11.8286);
  });
});

test('staff augmentation, by hand', () => {
  // l = 1 * 150 * 0.5 / 2 = 37.5; D0 = 2700 * 1.08 / 450 = 6.48; X = 3 * 0.2 * 6.48 / 12 = 0.324
  // W = 2916 + 3.324 * 37.5 = 2916 + 124.65 = 3040.65; Dw = 3040.65 / 450 = 6.757; D = 0.5 + 6.757 + 0.324 * 0.5 / 3 = 7.311
  // labour = 3040.65 * 70 = 212,845.50; management = 3040.65 * 0.12 * 100 = 36,487.80; T is within the tolerated month
  expect(modelOf(estimate, 'staff_augmentation')).toMatchObject({
    total: 249_333.3,
    deliveryMonths: 7.311,
    breakdown: { labour: 212_845.5, management: 36_487.8, recruiting: 0, vacancy: 0, equipment: 0 },
  });
});

test('hybrid, by hand', () => {
  // Nx = 2, Ne = 2.6, 2.6 * 150 = 390 hours a month; l = 37.5
  // D0 = 2835 / 390 = 189 / 26 = 7.2692..; X = 2 * 0.2 * (189 / 26) / 12 = 6.3 / 26 = 0.2423..
  // W = 2835 + (2 + 6.3 / 26) * 37.5 = 2910 + 236.25 / 26 = 75,896.25 / 26 = 2919.0865..
  // Dw = 75,896.25 / (26 * 390) = 75,896.25 / 10,140 = 7.48483..; D = 0.5 + Dw + (6.3 / 26) * 0.5 / 2.6 = 0.5 + Dw + 3.15 / 67.6 = 8.03143..
  // architect = 156,000 * 1.2856 / 1800 = 111.41866.. an hour; labour = 150 * Dw * (2 * 70 + 111.41866..)
  //   = (11,384,437.5 / 10,140) * (377.128 / 1.5) = 1122.725.. * 251.418666.. = 282,274.17
  const hybrid = modelOf(estimate, 'hybrid');
  expect(hybrid.total).toBe(toDecimals((11_384_437.5 / 10_140) * (377.128 / 1.5), 2));
  expect(hybrid).toMatchObject({
    total: 282_274.17,
    deliveryMonths: 8.0314,
    breakdown: { labour: 282_274.17, management: 0, recruiting: 0, vacancy: 0, equipment: 0 },
  });
  expect(hybrid.intermediate.D0).toBeCloseTo(189 / 26, 12);
  expect(hybrid.intermediate.X).toBeCloseTo(6.3 / 26, 12);
  expect(hybrid.intermediate.W).toBeCloseTo(75_896.25 / 26, 9);
});

test('a long freelance engagement is warned about', () => {
  expect(estimate.warnings).toEqual(['Freelance fits engagements of 1 to 3 months (C2); this one works 6.9 months.']);
  expect(estimateProject(parseProject({ hours: 900, seats: 3 }), DEFAULT_ASSUMPTIONS).warnings).toEqual([]);
});

test('vendor claims stay out of the numbers and stand beside the implied figures', () => {
  expect(estimate.assumptions.some(({ evidence }) => evidence === 'vendor')).toBe(false);
  expect(estimate.claims.map(({ id, enabled }) => [id, enabled])).toEqual(
    ['C4', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'].map((id) => [id, false]),
  );
  const c7 = estimate.claims.find(({ id }) => id === 'C7');
  expect(c7?.implied.map(({ value }) => toDecimals(value, 4))).toEqual([0.189, 0.448]); // 1 - 70 / 86.3138, 1 - 249,333.30 / 451,703.26
});

test('every assumption used is copied, with its source, and the defaults stay frozen', () => {
  const used = estimate.assumptions.find(({ id }) => id === 'employer_load');
  expect(used).toEqual(DEFAULT_ASSUMPTIONS.find(({ id }) => id === 'employer_load'));
  expect(used).toMatchObject({ value: 1.2856, evidence: 'official', enabled: true, overriddenBy: null });
  expect(toDecimals(45.65 / (32.07 + 3.44), 4)).toBe(1.2856);
  expect(used).not.toBe(DEFAULT_ASSUMPTIONS.find(({ id }) => id === 'employer_load'));
  expect(() => Object.assign(DEFAULT_ASSUMPTIONS[0] ?? {}, { low: 1 })).toThrow(TypeError);
});

describe('claims that a person switches on', () => {
  const withClaim = (override: object) =>
    estimateProject(
      parseProject({ hours: 2700, seats: 3, framework: 'flask' }),
      overrideAssumptions(
        DEFAULT_ASSUMPTIONS,
        [{ enabled: true, reason: 'our own experience', ...override }],
        'lead@example.org',
      ),
    );

  test('C4 shortens the work of the hybrid, by either reading', () => {
    const work = modelOf(estimate, 'hybrid').intermediate.W;
    expect(modelOf(withClaim({ id: 'C4' }), 'hybrid').intermediate.W).toBeCloseTo(work * 0.62, 9);
    const divided = withClaim({ id: 'C4', reading: 'work_divided_by_one_plus_claim' });
    expect(modelOf(divided, 'hybrid').intermediate.W).toBeCloseTo(work / 1.38, 9);
    expect(modelOf(divided, 'freelance').total).toBe(358_386.94);
  });

  test('C6 starts augmented seats within days', () => {
    const started = withClaim({ id: 'C6', value: 0.1 });
    expect(modelOf(started, 'staff_augmentation').deliveryMonths).toBe(6.8678); // 0.1 + 6.757 + 0.324 * 0.1 / 3
    expect(modelOf(started, 'in_house').deliveryMonths).toBe(11.8286);
  });

  test('C7 sets the hourly rate, or the total, against in-house', () => {
    const hourly = modelOf(withClaim({ id: 'C7' }), 'staff_augmentation');
    expect(hourly.intermediate.c).toBeCloseTo(0.59 * 86.31375555555556, 9);
    const total = modelOf(withClaim({ id: 'C7', reading: 'total_cost' }), 'staff_augmentation');
    expect(total.total).toBe(266_504.92); // 0.59 * 451,703.2586
    const parts = Object.values(total.breakdown).reduce((sum, part) => sum + part, 0);
    expect(parts).toBeCloseTo(total.total, 1);
    expect(total.deliveryMonths).toBe(7.311);
  });

  test('C9 lengthens the hours of a Flask project once, so cost and time follow from them', () => {
    const flask = withClaim({ id: 'C9' });
    const stretched = estimateProject(parseProject({ hours: 2700 / 0.69, seats: 3 }), DEFAULT_ASSUMPTIONS);
    expect(flask.models.map(({ total, deliveryMonths }) => [total, deliveryMonths])).toEqual(
      stretched.models.map(({ total, deliveryMonths }) => [total, deliveryMonths]),
    );
  });

  test('are copied with who and why, and the implied figures stay those of the model without claims', () => {
    const claimed = withClaim({ id: 'C7' });
    expect(claimed.assumptions.find(({ id }) => id === 'C7')).toMatchObject({
      enabled: true,
      overriddenBy: 'lead@example.org',
      overrideReason: 'our own experience',
    });
    expect(claimed.claims.find(({ id }) => id === 'C7')).toMatchObject({
      enabled: true,
      implied: estimate.claims.find(({ id }) => id === 'C7')?.implied,
    });
  });
});
