import { BUILT_IN_GROUPS, frameworkFit, parseFrameworkNeed } from './framework-fit';

const fitOf = (n: number, flagged: boolean) =>
  frameworkFit({ needs: BUILT_IN_GROUPS.slice(0, n), flags: flagged ? ['ml_serving'] : [] }, 0.31).fit;

test.each([
  [6, false, 'django'],
  [3, false, 'django'],
  [3, true, 'django_with_flask_service'],
  [2, false, 'django'],
  [2, true, 'review'],
  [1, false, 'review'],
  [1, true, 'flask'],
  [0, true, 'flask'],
  [0, false, 'review'],
])('%i of the six groups, flagged %s: %s', (n, flagged, fit) => {
  expect(fitOf(n, flagged)).toBe(fit);
});

test('the fit says what was asked for', () => {
  const fit = frameworkFit({ needs: ['forms', 'admin', 'forms'], flags: ['ml_serving'] }, 0.31);
  expect(fit).toMatchObject({ builtInFeatures: 2, needs: ['admin', 'forms'], flags: ['ml_serving'], fit: 'review' });
});

test('the hours with Flask follow from the claim and from what is needed', () => {
  const hours = (n: number) => frameworkFit({ needs: BUILT_IN_GROUPS.slice(0, n), flags: [] }, 0.31).flaskHoursByClaim;
  expect(hours(0)).toBe(1);
  expect(hours(6)).toBeCloseTo(1 / 0.69, 14);
  expect(hours(3)).toBeCloseTo(1 / 0.845, 14);
});

test('a group that is named twice counts once', () => {
  expect(parseFrameworkNeed({ needs: ['admin', 'admin'] })).toEqual({ needs: ['admin'], flags: [] });
});

test.each([
  [{}, 'framework.needs: must be a list'],
  [{ needs: ['blockchain'] }, 'framework.needs.0: is not known: "blockchain"'],
  [{ needs: [], flags: 'prototype' }, 'framework.flags: must be a list'],
  [{ needs: [], flag: [] }, 'framework.flag: is not known'],
  [null, 'framework: must be an object'],
])('%j is refused', (input, message) => {
  expect(() => parseFrameworkNeed(input)).toThrow(message);
});
