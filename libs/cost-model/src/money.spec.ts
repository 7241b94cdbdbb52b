import fc from 'fast-check';
import { formatNumber, formatShare, toCents, toDecimals } from './money';

test.each([
  [1.005, 1.01],
  [8.345, 8.35],
  [1.3549999999999998, 1.36],
  [309_948.1875, 309_948.19],
  [0.1 + 0.2, 0.3],
  [2.4999999999999996, 2.5],
  [-1.005, -1.01],
  [-0.004, 0],
  [1e-9, 0],
  [123_456_789.125, 123_456_789.13],
])('%d to the cent is %d', (dollars, expected) => {
  expect(toCents(dollars)).toBe(expected);
});

test('any amount of cents survives', () => {
  fc.assert(fc.property(fc.integer({ min: -1e13, max: 1e13 }), (cents) => expect(toCents(cents / 100)).toBe(cents / 100 + 0)));
});

test('rounds to other decimals, and prints with separators', () => {
  expect(toDecimals(11.82859375, 4)).toBe(11.8286);
  expect(formatNumber(358_386.935, 2)).toBe('358,386.94');
  expect(formatNumber(0, 2)).toBe('0.00');
  expect(formatNumber(1_234_567_890.5, 2)).toBe('1,234,567,890.50');
  expect(formatNumber(999.999, 2)).toBe('1,000.00');
});

test('numbers have the decimals asked for, shares whole percent that is never never nor always', () => {
  expect([formatNumber(1234.5, 0), formatNumber(1234.5, 3), formatNumber(-0.001, 1)]).toEqual(['1,235', '1,234.500', '0.0']);
  expect([0, 0.001, 0.0051, 0.5, 0.995, 0.999, 1].map(formatShare)).toEqual([
    '0%',
    '< 1%',
    '1%',
    '50%',
    '> 99%',
    '> 99%',
    '100%',
  ]);
});
