import fc from 'fast-check';
import { DOLLAR, decimalsOf, fromDollars, fromUnits, toDollars, unitsOf } from './currency';

const EUR = { currency: 'EUR', perDollar: 0.8567, date: '2026-11-20', source: 'ECB reference rate' };

test('converts to the smallest unit of the currency', () => {
  expect(fromDollars(358_386.94, EUR)).toBe(307_030.09);
  expect(fromDollars(100.005, { ...EUR, currency: 'JPY', perDollar: 150 })).toBe(15_001);
  expect(fromDollars(1, { ...EUR, currency: 'KWD', perDollar: 0.30715 })).toBe(0.307);
  expect(fromDollars(12.345, DOLLAR)).toBe(12.35);
});

const RATES = fc.record({
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  perDollar: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
  date: fc.constant('2026-11-20'),
  source: fc.constant('ECB reference rate'),
});
const DOLLARS = fc.double({ min: 0, max: 1e9, noNaN: true });
const unit = (currency: string) => 10 ** -decimalsOf(currency);

test('dollars there and back are within half a smallest unit', () => {
  fc.assert(
    fc.property(DOLLARS, RATES, (dollars, rate) => {
      const lost = Math.abs(toDollars(fromDollars(dollars, rate), rate) - dollars) * rate.perDollar;
      // Beside the rounding, the last digits of a double.
      expect(lost).toBeLessThanOrEqual(0.5 * unit(rate.currency) + dollars * rate.perDollar * 1e-14);
    }),
  );
});

test('an amount in a currency is the same after dollars and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e13 }), RATES, (units, rate) => {
      const amount = fromUnits(units, rate.currency);
      expect(fromDollars(toDollars(amount, rate), rate)).toBe(amount);
    }),
  );
});

test('more dollars are never fewer of a currency', () => {
  fc.assert(
    fc.property(DOLLARS, DOLLARS, RATES, (one, other, rate) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)].map((dollars) => fromDollars(dollars, rate));
      expect(less).toBeLessThanOrEqual(more as number);
    }),
  );
});

test('amounts are whole smallest units and back, up to the largest', () => {
  expect([unitsOf(307_030.09, 'EUR'), unitsOf(15_001, 'JPY'), unitsOf(0.307, 'KWD')]).toEqual([30_703_009, 15_001, 307]);
  fc.assert(
    fc.property(fc.integer({ min: -(1e15 - 1), max: 1e15 - 1 }), fc.constantFrom('USD', 'JPY', 'KWD'), (units, currency) => {
      const amount = fromUnits(units, currency);
      expect(unitsOf(amount, currency)).toBe(units);
      // As JSON and as a decimal column it is that number, without dust.
      expect(
        amount
          .toFixed(decimalsOf(currency))
          .replace('.', '')
          .replace(/^(-?)0+(?=\d)/, '$1'),
      ).toBe(String(units));
    }),
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
