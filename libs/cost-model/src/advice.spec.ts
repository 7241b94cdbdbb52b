import { adviceFor, parseSituation } from './advice';
import { AssumptionSet } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { parseProject } from './project';
import { simulate } from './simulation/simulate';

function rulesFor(situation: object, project: object) {
  const parsed = parseProject(project);
  const estimate = estimateProject(parsed, DEFAULT_ASSUMPTIONS);
  const simulation = simulate(parsed, DEFAULT_ASSUMPTIONS, { draws: 2_000, seed: 1 });
  return adviceFor(parseSituation(situation), estimate, simulation, new AssumptionSet(DEFAULT_ASSUMPTIONS));
}

const named = (situation: object, project: object = { hours: 2700, seats: 3 }) =>
  rulesFor(situation, project).map(({ rule, models }) => `${rule}: ${models.join(' ')}`);

test('a short feature that is settled fits freelancers', () => {
  expect(named({ isWellDefined: true }, { hours: 200, seats: 1 })).toContain('short-feature: freelance');
  expect(named({ isWellDefined: false }, { hours: 200, seats: 1 })).not.toContain('short-feature: freelance');
  expect(named({ isWellDefined: true }, { hours: 2700, seats: 3 })).not.toContain('short-feature: freelance');
});

test('a core product fits people of your own, with the architect kept the hybrid', () => {
  expect(named({ isCoreProduct: true })).toContain('core-product: in_house');
  expect(named({ isCoreProduct: true, keepsArchitect: true })).toContain('keeps-architect: hybrid');
  expect(named({ isCoreProduct: true, keepsArchitect: true })).not.toContain('core-product: in_house');
});

test('a start inside the pipeline is warned about, model by model', () => {
  const rules = named({ startWithinMonths: 1 });
  expect(rules).toContain('start-inside-pipeline: in_house');
  expect(rules).toContain('fast-start: staff_augmentation');
  expect(rules).not.toContain('start-inside-pipeline: freelance');
  expect(named({ startWithinMonths: 0.1 })).toEqual(expect.arrayContaining(['start-inside-pipeline: staff_augmentation']));
  expect(named({ startWithinMonths: 6 }).filter((rule) => rule.startsWith('start-'))).toEqual([]);
});

test('freelancers beyond three months are warned about', () => {
  expect(named({})).toContain('long-freelance: freelance');
  expect(named({}, { hours: 200, seats: 1 })).not.toContain('long-freelance: freelance');
});

test('models that the assumptions cannot tell apart are said to be so, others are not', () => {
  const rules = named({});
  expect(rules).toContain('too-wide-to-say: freelance hybrid');
  expect(rules).not.toContain('too-wide-to-say: freelance in_house');
});

test('only models that were asked for are spoken of, and every rule names its source', () => {
  const advice = rulesFor({ isCoreProduct: true, startWithinMonths: 0.1 }, { hours: 2700, seats: 3, models: ['freelance'] });
  expect(advice.flatMap(({ models }) => models)).toEqual(expect.arrayContaining(['freelance']));
  expect(
    advice.every(({ models, source, text }) => models.every((model) => model === 'freelance') && source !== '' && text !== ''),
  ).toBe(true);
});

test.each([
  [{ isCoreProduct: 'yes' }, 'situation.isCoreProduct: must be true or false'],
  [{ startWithinMonths: -1 }, 'situation.startWithinMonths: must not be negative'],
  [{ urgent: true }, 'situation.urgent: is not known'],
])('%j is refused', (input, message) => {
  expect(() => parseSituation(input)).toThrow(message);
});
