import fc from 'fast-check';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { asNeedInput, parseHiringNeed } from './hiring-need';
import { EstimateInputError } from './input-error';
import { HIRING_MODELS } from './project';

const NEED = { role: 'Senior Django developer', seats: 3, scope: { hours: 2700 } };
const parse = (input: unknown) => parseHiringNeed(input, DEFAULT_ASSUMPTIONS);

test('a need in hours becomes a project of all models, with everything else open', () => {
  expect(parse(NEED)).toEqual({
    need: { role: 'Senior Django developer', seats: 3, scope: { hours: 2700 } },
    project: {
      ...{ hours: 2700, seats: 3, joins: null, hoursPerMonth: null, seniorityMix: null },
      ...{ framework: 'django', builtInFeatures: 6, models: HIRING_MODELS },
    },
    situation: { isWellDefined: false, isCoreProduct: false, keepsArchitect: false, startWithinMonths: null },
    frameworkNeed: null,
  });
});

test('a team and how long it works are hours, at the hours a month of the need or of the assumptions', () => {
  const scope = { teamSize: 3, months: 6 };
  expect(parse({ ...NEED, scope }).project.hours).toBe(2700);
  expect(parse({ ...NEED, scope, hoursPerMonth: 140 }).project.hours).toBe(2520);
  expect(parse({ ...NEED, scope: { teamSize: 2.5, months: 0.5 } }).project.hours).toBe(187.5);
  expect(parse({ ...NEED, scope }).need.scope).toEqual(scope);
});

test('the team that measures the work need not be the seats that are hired for it', () => {
  const { need, project } = parse({ ...NEED, seats: 2, scope: { teamSize: 4, months: 6 } });
  expect([need.seats, project.seats, project.hours]).toEqual([2, 2, 3600]);
});

test('mix, joins, models, situation and framework are those of the need', () => {
  const { project, situation, frameworkNeed } = parse({
    ...NEED,
    role: null,
    joins: [
      { month: 0, seats: 1 },
      { month: 2, seats: 2 },
    ],
    seniorityMix: { junior: 0.5, senior: 0.5 },
    models: ['hybrid', 'in_house'],
    situation: { isCoreProduct: true, startWithinMonths: 2 },
    framework: { needs: ['admin', 'authentication'], flags: ['prototype'] },
  });
  expect(project.seniorityMix).toEqual({ junior: 0.5, mid: 0, senior: 0.5 });
  expect(project.joins).toHaveLength(2);
  expect(project.models).toEqual(['in_house', 'hybrid']);
  // The groups that claim C9 would act on are those that the need names.
  expect(project.builtInFeatures).toBe(2);
  expect(situation).toMatchObject({ isCoreProduct: true, startWithinMonths: 2 });
  expect(frameworkNeed).toEqual({ needs: ['authentication', 'admin'], flags: ['prototype'] });
});

test('a role loses the blanks around it and may be of any script', () => {
  expect(parse({ ...NEED, role: '  Entwickler für Django, 資深 🐍 ' }).need.role).toBe('Entwickler für Django, 資深 🐍');
  expect(parse({ ...NEED, role: '🐍'.repeat(200) }).need.role).toHaveLength(400);
});

test.each<[string, unknown, string, string]>([
  ['nothing', undefined, 'need', 'must be an object; got nothing'],
  ['a list', [NEED], 'need', 'must be an object; got a list'],
  ['an unknown field', { ...NEED, team: 3 }, 'need.team', 'is not known; use role, seats'],
  ['a role that is a number', { ...NEED, role: 7 }, 'need.role', 'must be 1 to 200 characters; got 7'],
  ['an empty role', { ...NEED, role: '' }, 'need.role', 'must be 1 to 200 characters'],
  ['a blank role', { ...NEED, role: '   ' }, 'need.role', 'must be 1 to 200 characters'],
  ['a long role', { ...NEED, role: 'x'.repeat(201) }, 'need.role', 'must be 1 to 200 characters'],
  ['a role with a NUL', { ...NEED, role: 'Senior\u0000' }, 'need.role', 'one line of text, without control characters'],
  ['a role of two lines', { ...NEED, role: 'Senior\nDjango' }, 'need.role', 'one line of text'],
  ['a role that begins with a line break', { ...NEED, role: '\nSenior' }, 'need.role', 'one line of text'],
  ['a role with a line separator', { ...NEED, role: 'Senior\u2028Django' }, 'need.role', 'one line of text'],
  ['a role with an escape', { ...NEED, role: '\u001b[31mSenior' }, 'need.role', 'one line of text'],
  ['a role with half a character', { ...NEED, role: 'Senior \ud800' }, 'need.role', 'broken Unicode'],
  ['no seats', { ...NEED, seats: undefined }, 'need.seats', 'must be a whole number from 1 to 10000; got nothing'],
  ['zero seats', { ...NEED, seats: 0 }, 'need.seats', 'must be a whole number'],
  ['half a seat', { ...NEED, seats: 1.5 }, 'need.seats', 'must be a whole number'],
  ['seats as text', { ...NEED, seats: '3' }, 'need.seats', 'got "3"'],
  ['no scope', { ...NEED, scope: undefined }, 'need.scope', 'is missing: give {hours}, or {teamSize, months}'],
  ['a scope of null', { ...NEED, scope: null }, 'need.scope', 'is missing'],
  ['a scope that is a number', { ...NEED, scope: 2700 }, 'need.scope', 'must be an object; got 2700'],
  ['an empty scope', { ...NEED, scope: {} }, 'need.scope.hours', 'must be a finite number; got nothing'],
  ['a scope twice', { ...NEED, scope: { hours: 9, teamSize: 3, months: 6 } }, 'need.scope', 'is given twice'],
  ['hours and months', { ...NEED, scope: { hours: 9, months: 6 } }, 'need.scope', 'is given twice'],
  ['zero hours', { ...NEED, scope: { hours: 0 } }, 'need.scope.hours', 'must be above 0'],
  ['negative hours', { ...NEED, scope: { hours: -1 } }, 'need.scope.hours', 'must be above 0'],
  ['endless hours', { ...NEED, scope: { hours: Number.POSITIVE_INFINITY } }, 'need.scope.hours', 'must be a finite number'],
  ['a team without months', { ...NEED, scope: { teamSize: 3 } }, 'need.scope.months', 'must be a finite number; got nothing'],
  ['months without a team', { ...NEED, scope: { months: 3 } }, 'need.scope.teamSize', 'must be a finite number'],
  ['a team of nobody', { ...NEED, scope: { teamSize: 0, months: 6 } }, 'need.scope.teamSize', 'must be above 0'],
  ['months below zero', { ...NEED, scope: { teamSize: 3, months: -6 } }, 'need.scope.months', 'must be above 0'],
  ['a team of millions', { ...NEED, scope: { teamSize: 1e6, months: 1e6 } }, 'need.scope', 'must not be above 1000000000'],
  ['an unknown scope', { ...NEED, scope: { days: 9 } }, 'need.scope.days', 'is not known'],
  ['a mix that does not sum', { ...NEED, seniorityMix: { mid: 0.5 } }, 'need.seniorityMix', 'must sum to 1; they sum to 0.5'],
  ['a negative share', { ...NEED, seniorityMix: { junior: -1, mid: 2 } }, 'need.seniorityMix.junior', 'must not be negative'],
  ['zero hours a month', { ...NEED, hoursPerMonth: 0 }, 'need.hoursPerMonth', 'must be above 0'],
  ['an unknown model', { ...NEED, models: ['temp'] }, 'need.models.0', 'is not a hiring model'],
  ['joins of other seats', { ...NEED, joins: [{ month: 0, seats: 1 }] }, 'need.joins', "must bring the project's 3 seats"],
  ['an unknown situation', { ...NEED, situation: { urgent: true } }, 'need.situation.urgent', 'is not known'],
  ['a situation that is text', { ...NEED, situation: 'urgent' }, 'need.situation', 'must be an object'],
  [
    'a negative urgency',
    { ...NEED, situation: { startWithinMonths: -1 } },
    'need.situation.startWithinMonths',
    'not be negative',
  ],
  ['an unknown group', { ...NEED, framework: { needs: ['ai'] } }, 'need.framework.needs.0', 'is not known: "ai"'],
  ['a framework without needs', { ...NEED, framework: {} }, 'need.framework.needs', 'must be a list'],
  ['the framework itself', { ...NEED, framework: 'flask' }, 'need.framework', 'must be an object'],
])('%s is refused and the field named', (_, input, path, message) => {
  const refused = (): unknown => {
    try {
      return parse(input);
    } catch (error) {
      return error instanceof EstimateInputError ? error.problems : error;
    }
  };
  expect(refused()).toContainEqual({ path, message: expect.stringContaining(message) });
});

test('every problem is named at once', () => {
  const act = () =>
    parse({ role: '', seats: 0, scope: { hours: -1 }, seniorityMix: { mid: 2 }, situation: { isCoreProduct: 1 } });
  for (const path of ['role', 'seats', 'scope.hours', 'seniorityMix.mid', 'situation.isCoreProduct']) {
    expect(act).toThrow(`need.${path}:`);
  }
});

test('a need can be given back as the JSON that it is read from', () => {
  const needs = fc.record({
    role: fc.constantFrom(null, 'Senior Django developer'),
    seats: fc.integer({ min: 2, max: 40 }),
    scope: fc.oneof(
      fc.record({ hours: fc.double({ min: 1, max: 1e5, noNaN: true }) }),
      fc.record({
        teamSize: fc.double({ min: 0.5, max: 40, noNaN: true }),
        months: fc.double({ min: 0.5, max: 60, noNaN: true }),
      }),
    ),
    hoursPerMonth: fc.constantFrom(null, 140),
    seniorityMix: fc.constantFrom(null, { junior: 0.25, senior: 0.75 }),
    situation: fc.constantFrom(undefined, { isCoreProduct: true, startWithinMonths: 1 }),
    framework: fc.constantFrom(null, { needs: ['admin'], flags: [] }),
  });
  fc.assert(fc.property(needs, (need) => expect(parse(asNeedInput(parse(need)))).toEqual(parse(need))));
});
