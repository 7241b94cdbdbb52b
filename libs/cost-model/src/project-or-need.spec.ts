import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { parseProjectOrNeed } from './project-or-need';

const PROJECT = { hours: 2700, seats: 3 };
const NEED = { seats: 3, scope: { hours: 2700 } };
const parse = (input: unknown) => parseProjectOrNeed(input, DEFAULT_ASSUMPTIONS);

test('a project and a need of the same size are the same project', () => {
  expect(parse({ project: PROJECT }).project).toEqual(parse({ need: NEED }).project);
  expect(parse({ project: PROJECT }).need).toBeNull();
  expect(parse({ need: NEED, project: null }).need).toEqual({ role: null, seats: 3, scope: { hours: 2700 } });
});

test('a project comes with its situation and with what it needs of the framework', () => {
  const framework = { needs: ['admin', 'forms'] };
  const parsed = parse({ project: PROJECT, situation: { keepsArchitect: true }, framework });
  expect(parsed.situation.keepsArchitect).toBe(true);
  expect(parsed.frameworkNeed?.needs).toEqual(['admin', 'forms']);
  expect(parsed.project.builtInFeatures).toBe(2);
  expect(parse({ project: { ...PROJECT, builtInFeatures: 2 }, framework }).project.builtInFeatures).toBe(2);
});

test.each([
  [{}, 'project: is missing: give a project, or a need.'],
  [{ project: null, need: null }, 'project: is missing'],
  [{ project: PROJECT, need: NEED }, 'project: is given beside a need'],
  [{ need: NEED, situation: { isCoreProduct: true } }, 'situation: belongs into the need: give need.situation.'],
  [{ need: NEED, framework: { needs: [] } }, 'framework: belongs into the need'],
  [{ need: { ...NEED, seats: 0 } }, 'need.seats: must be a whole number'],
  [{ project: [] }, 'project: must be an object'],
  [{ project: { ...PROJECT, hours: 0 }, situation: 1, framework: 2 }, 'project.hours: must be above 0'],
  [{ project: { ...PROJECT, hours: 0 }, situation: 1, framework: 2 }, 'situation: must be an object'],
  [{ project: { ...PROJECT, hours: 0 }, situation: 1, framework: 2 }, 'framework: must be an object'],
  [{ project: { ...PROJECT, builtInFeatures: 6 }, framework: { needs: ['admin'] } }, 'project.builtInFeatures: is 6, but'],
])('%j is refused', (input, message) => {
  expect(() => parse(input)).toThrow(message);
});
