import fc from 'fast-check';
import { DOLLAR, decimalsOf, fromDollars, parseExchangeRate, toDollars } from './currency';

const EUR = parseExchangeRate({ currency: 'EUR', perDollar: 0.8567, date: '2026-11-20', source: 'ECB reference rate' });

test('converts to the smallest unit of the currency', () => {
  expect(fromDollars(358_386.94, EUR)).toBe(307_030.09);
  expect(fromDollars(100.005, { ...EUR, currency: 'JPY', perDollar: 150 })).toBe(15_001);
  expect(fromDollars(1, { ...EUR, currency: 'KWD', perDollar: 0.30715 })).toBe(0.307);
  expect(fromDollars(12.345, DOLLAR)).toBe(12.35);
});

test('there and back is within what rounding to the smallest unit loses', () => {
  const cents = fc.integer({ min: 0, max: 1e11 }).map((amount) => amount / 100);
  fc.assert(
    fc.property(
      cents,
      fc.double({ min: 0.01, max: 1e4, noNaN: true }),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      (dollars, perDollar, currency) => {
        const rate = { ...EUR, currency, perDollar };
        const lost = Math.abs(toDollars(fromDollars(dollars, rate), rate) - dollars);
        expect(lost).toBeLessThanOrEqual((0.5 * 10 ** -decimalsOf(currency)) / perDollar + 0.00501 + dollars * 1e-14);
      },
    ),
  );
});

test('a dollar is a dollar', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e11 }),
      (cents) => toDollars(fromDollars(cents / 100, DOLLAR), DOLLAR) === cents / 100,
    ),
  );
});

test.each([
  [{ currency: 'euro', perDollar: 1.1, date: '2026-11-20', source: 'x' }, 'rate.currency'],
  [{ currency: 'EUR', perDollar: 0, date: '2026-11-20', source: 'x' }, 'rate.perDollar: must be above 0'],
  [{ currency: 'EUR', perDollar: 1.1, date: '2026-02-30', source: 'x' }, 'rate.date'],
  [{ currency: 'EUR', perDollar: 1.1, date: '2026-11-20', source: ' ' }, 'rate.source'],
  [{ currency: 'USD', perDollar: 1.1, date: '2026-11-20', source: 'x' }, 'rate.perDollar: must be 1 for USD'],
  ['EUR', 'rate: must be an object'],
])('%j is refused', (input, message) => {
  expect(() => parseExchangeRate(input)).toThrow(message);
});
