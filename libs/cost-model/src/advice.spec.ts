import { parseSituation } from './advice';

test('what is left out is false, or open', () => {
  const nothing = { isWellDefined: false, isCoreProduct: false, keepsArchitect: false, startWithinMonths: null };
  expect(parseSituation({})).toEqual(nothing);
  expect(parseSituation({ isCoreProduct: true, keepsArchitect: null, startWithinMonths: 0 })).toEqual({
    ...nothing,
    isCoreProduct: true,
    startWithinMonths: 0,
  });
});

test.each([
  [{ isCoreProduct: 'yes' }, 'situation.isCoreProduct: must be true or false'],
  [{ startWithinMonths: -1 }, 'situation.startWithinMonths: must not be negative'],
  [{ startWithinMonths: '1' }, 'situation.startWithinMonths: must be a finite number'],
  [{ urgent: true }, 'situation.urgent: is not known'],
  [[], 'situation: must be an object'],
])('%j is refused', (input, message) => {
  expect(() => parseSituation(input)).toThrow(message);
});
