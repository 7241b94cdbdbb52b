import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { EstimateInputError } from './input-error';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';

function problemsOf(act: () => unknown): Readonly<Record<string, string>> {
  try {
    act();
  } catch (error) {
    if (error instanceof EstimateInputError) {
      return Object.fromEntries(error.problems.map(({ path, message }) => [path, message]));
    }
    throw error;
  }
  return {};
}

describe('a project', () => {
  const good = { hours: 2700, seats: 3 };

  test('needs hours and seats only', () => {
    expect(parseProject(good)).toEqual({
      hours: 2700,
      seats: 3,
      joins: null,
      hoursPerMonth: null,
      seniorityMix: null,
      framework: 'django',
      builtInFeatures: 6,
      models: ['freelance', 'in_house', 'hybrid', 'staff_augmentation'],
    });
  });

  test.each<[object, string, string]>([
    [{ hours: 0 }, 'project.hours', 'must be above 0; got 0.'],
    [{ hours: -5 }, 'project.hours', 'must be above 0; got -5.'],
    [{ hours: Number.NaN }, 'project.hours', 'must be a finite number; got NaN.'],
    [{ hours: Number.POSITIVE_INFINITY }, 'project.hours', 'must be a finite number; got Infinity.'],
    [{ hours: '2700' }, 'project.hours', 'must be a finite number; got "2700".'],
    [{ hours: null }, 'project.hours', 'must be a finite number; got null.'],
    [{ hours: undefined }, 'project.hours', 'must be a finite number; got nothing.'],
    [{ hours: 1e10 }, 'project.hours', 'must not be above 1000000000; got 10000000000.'],
    [{ seats: 0 }, 'project.seats', 'must be a whole number from 1 to 10000; got 0.'],
    [{ seats: 2.5 }, 'project.seats', 'must be a whole number from 1 to 10000; got 2.5.'],
    [{ seats: -1 }, 'project.seats', 'must be a whole number from 1 to 10000; got -1.'],
    [{ hoursPerMonth: 0 }, 'project.hoursPerMonth', 'must be above 0; got 0.'],
    [{ seniorityMix: { junior: 0.5, mid: 0.4 } }, 'project.seniorityMix', 'shares must sum to 1; they sum to 0.9.'],
    [{ seniorityMix: { mid: 2 } }, 'project.seniorityMix.mid', 'is a share and must be from 0 to 1; got 2.'],
    [{ seniorityMix: { mid: -1 } }, 'project.seniorityMix.mid', 'must not be negative; got -1.'],
    [{ seniorityMix: { boss: 1 } }, 'project.seniorityMix.boss', 'is not known; use junior, mid, senior.'],
    [{ seniorityMix: [1] }, 'project.seniorityMix', 'shares must sum to 1; they sum to 0.'],
    [{ framework: 'rails' }, 'project.framework', 'must be "django" or "flask"; got "rails".'],
    [{ builtInFeatures: 7 }, 'project.builtInFeatures', 'must be a whole number from 0 to 6; got 7.'],
    [
      { models: ['freelance', 'outsourcing'] },
      'project.models.1',
      'is not a hiring model: "outsourcing"; use freelance, in_house, hybrid, staff_augmentation.',
    ],
    [
      { models: [] },
      'project.models',
      'must be a list of at least one of freelance, in_house, hybrid, staff_augmentation; got a list.',
    ],
    [{ budget: 1 }, 'project.budget', expect.stringContaining('is not known; use hours, seats')],
  ])('%j is refused naming %s', (change, path, message) => {
    expect(problemsOf(() => parseProject({ ...good, ...change }))).toMatchObject({ [path]: message });
  });

  test.each([null, 'x', 3, [good], undefined])('%j is not a project', (input) => {
    expect(problemsOf(() => parseProject(input))).toHaveProperty(['project']);
  });

  const joins = (...each: unknown[]) => ({ joins: each });

  test.each<[object, string, string]>([
    [{ joins: 'later' }, 'project.joins', 'must be a list of 1 to 120 {month, seats}; got "later".'],
    [{ joins: [] }, 'project.joins', 'must be a list of 1 to 120 {month, seats}; got 0 of them.'],
    [joins({ month: 0, seats: 1 }, { month: 2, seats: 1 }), 'project.joins', "must bring the project's 3 seats; they bring 2."],
    [joins({ month: 1, seats: 3 }), 'project.joins.0.month', 'must be 0, when the first seats start; got 1.'],
    [joins({ month: -1, seats: 3 }), 'project.joins.0.month', 'must not be negative; got -1.'],
    [joins({ month: 0, seats: 2.5 }, 'x'), 'project.joins.0.seats', 'must be a whole number from 1 to 10000; got 2.5.'],
    [joins({ month: 0, seats: 2.5 }, 'x'), 'project.joins.1', 'must be an object; got "x".'],
    [
      joins({ month: 0, seats: 1 }, { month: 2, seats: 1 }, { month: 2, seats: 1 }),
      'project.joins.2.month',
      'must be later than the join before it (month 2); got 2.',
    ],
    [joins({ month: 0, seats: 1 }, { month: 1201, seats: 2 }), 'project.joins.1.month', 'must not be above 1200; got 1201.'],
    [joins({ month: 0, seats: 3, who: 1 }), 'project.joins.0.who', 'is not known; use month, seats.'],
    [
      joins({ month: 0, seats: 0 }, { month: 1, seats: 3 }),
      'project.joins.0.seats',
      'must be a whole number from 1 to 10000; got 0.',
    ],
  ])('%j is refused naming %s', (change, path, message) => {
    expect(problemsOf(() => parseProject({ ...good, ...change }))).toMatchObject({ [path]: message });
  });

  test('may ramp in over time; one join is a team that starts together', () => {
    const steps = [
      { month: 0, seats: 1 },
      { month: 1.5, seats: 2 },
    ];
    expect(parseProject({ ...good, joins: steps }).joins).toEqual(steps);
    expect(parseProject({ ...good, joins: [{ month: 0, seats: 3 }] }).joins).toBeNull();
    const smaller = { ...parseProject({ ...good, joins: steps }), seats: 2 };
    expect(Object.keys(problemsOf(() => estimateProject(smaller, DEFAULT_ASSUMPTIONS)))).toEqual(['project.joins']);
  });

  test('reports every problem at once', () => {
    expect(Object.keys(problemsOf(() => parseProject({ hours: -1, seats: 0 })))).toEqual(['project.hours', 'project.seats']);
  });
});

describe('overrides', () => {
  const problems = (...overrides: unknown[]) => problemsOf(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'me'));
  const find = (id: string, ...overrides: unknown[]) =>
    overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'me').find((one) => one.id === id);

  test('keep who and why', () => {
    expect(find('manager_cost', { id: 'manager_cost', value: 120, reason: ' our payroll ' })).toMatchObject({
      value: 120,
      overriddenBy: 'me',
      overrideReason: 'our payroll',
      evidence: 'own',
    });
  });

  test('of a range may change a part, or all three at once', () => {
    expect(find('C1', { id: 'C1', low: 50, reason: 'r' })).toMatchObject({ low: 50, mode: 70, high: 95 });
    expect(find('C1', { id: 'C1', value: 80, reason: 'r' })).toMatchObject({ low: 80, mode: 80, high: 80 });
  });

  test.each<[unknown, string, string]>([
    [{ id: 'C1', value: 80 }, 'assumptions.0.reason', 'must say why the assumption is replaced, in 1 to 500 characters.'],
    [{ id: 'C1', value: 80, reason: '  ' }, 'assumptions.0.reason', expect.stringContaining('must say why')],
    [{ id: 'C1', low: 100, reason: 'r' }, 'assumptions.0', 'must have low <= mode <= high; got 100, 70, 95.'],
    [{ id: 'C1', mode: 96, reason: 'r' }, 'assumptions.0', 'must have low <= mode <= high; got 45, 96, 95.'],
    [{ id: 'C1', value: 0, reason: 'r' }, 'assumptions.0.value', 'must be above 0; got 0.'],
    [{ id: 'C1', value: 80, low: 1, reason: 'r' }, 'assumptions.0.value', 'cannot be given together with low, mode or high.'],
    [{ id: 'C1', reading: 'average', reason: 'r' }, 'assumptions.0.reading', 'must be one of low, mode, high; got "average".'],
    [{ id: 'C1', enabled: false, reason: 'r' }, 'assumptions.0.enabled', 'cannot be changed: C1 is needed by the formulas.'],
    [
      { id: 'C10', enabled: true, reason: 'r' },
      'assumptions.0.enabled',
      'cannot be changed: C10 is shown only and never calculated with.',
    ],
    [{ id: 'C7', enabled: 'yes', reason: 'r' }, 'assumptions.0.enabled', 'must be true or false; got "yes".'],
    [{ id: 'C7', value: 1, reason: 'r' }, 'assumptions.0.value', 'is a share and must be at least 0 and below 1; got 1.'],
    [{ id: 'vacancy_cost', value: -1, reason: 'r' }, 'assumptions.0.value', 'must not be negative; got -1.'],
    [{ id: 'vacancy_cost', value: Number.NaN, reason: 'r' }, 'assumptions.0.value', 'must be a finite number; got NaN.'],
    [{ id: 'vacancy_cost', low: 1, reason: 'r' }, 'assumptions.0.low', 'does not apply: vacancy_cost is one value; give value.'],
    [{ id: 'vacancy_cost', reason: 'r' }, 'assumptions.0', 'changes nothing; give value, reading or enabled.'],
    [{ id: 'C99', value: 1, reason: 'r' }, 'assumptions.0.id', 'is not an assumption of the model: "C99".'],
    [{ id: 'C1', value: 1, reason: 'r', note: '' }, 'assumptions.0.note', expect.stringContaining('is not known')],
    ['C1', 'assumptions.0', 'must be an object; got "C1".'],
  ])('%j is refused naming %s', (override, path, message) => {
    expect(problems(override)).toMatchObject({ [path]: message });
  });

  test('of one assumption come once', () => {
    const override = { id: 'C1', value: 80, reason: 'r' };
    expect(problems(override, override)).toEqual({ 'assumptions.1.id': 'C1 is overridden twice; give it once.' });
  });

  test('are a list', () => {
    expect(problemsOf(() => overrideAssumptions(DEFAULT_ASSUMPTIONS, { C1: 80 }, 'me'))).toEqual({
      assumptions: 'must be a list of overrides; got an object.',
    });
  });
});

test('assumptions that were tampered with are refused before estimating', () => {
  const tampered = DEFAULT_ASSUMPTIONS.map((assumption) => {
    if (assumption.id === 'C3') return { ...assumption, low: 200_000 };
    if (assumption.id === 'manager_cost') return { ...assumption, value: Number.NaN };
    return assumption.id === 'C7' ? { ...assumption, enabled: true } : assumption;
  });
  expect(Object.keys(problemsOf(() => estimateProject(parseProject({ hours: 1, seats: 1 }), tampered)))).toEqual([
    'assumptions.C3',
    'assumptions.C7.enabled',
    'assumptions.manager_cost.value',
  ]);
});
