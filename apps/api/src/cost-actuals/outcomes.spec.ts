import { CostActualEntity } from './cost-actual.entity';
import type { Foretold } from './foretold';
import { compareCost, costOutcome, deliveryOutcome, isHindsight, ownRecordOf } from './outcomes';

const FORETOLD: Foretold = {
  rootId: 'root',
  madeOn: '2026-01-15',
  assumptionSet: null,
  currency: 'EUR',
  perDollar: 0.9,
  seats: 3,
  startsTogether: true,
  hours: 2700,
  expectedHours: 3107.25,
  hourlyLoad: 0.0007,
  cost: { estimated: 300_000, distribution: null },
  delivery: { estimated: 7.5, distribution: null },
};

function row(fields: Partial<CostActualEntity> = {}): CostActualEntity {
  return Object.assign(new CostActualEntity(), {
    ...{ costEstimateId: 'estimate', model: 'freelance', currency: 'EUR', perDollar: '0.9', foretold: FORETOLD },
    ...{ cost: '360000.000', deliveryMonths: '9.0000', monthsToStart: null, workedHours: null, hourlyRate: '72.000' },
    ...{ annualSalary: null, exits: 0, deliveredOn: '2026-10-31', recordedAt: new Date('2026-11-02T10:00:00Z') },
    ...fields,
  });
}

test("a cost in the estimate's currency is compared as it is", () => {
  expect(costOutcome(row())).toMatchObject({ estimateId: 'estimate', estimated: 300_000, actual: 360_000 });
  expect(compareCost(row())).toEqual({
    estimated: 300_000,
    actual: 360_000,
    error: expect.closeTo(0.2, 12),
    band: null,
    position: null,
  });
  expect(deliveryOutcome(row())).toMatchObject({ estimated: 7.5, actual: 9 });
});

test("a cost in another currency is compared in the estimate's, through dollars at both rates", () => {
  // 320,000 pounds at 0.8 are 400,000 dollars, at 0.9 are 360,000 euros.
  expect(costOutcome(row({ currency: 'GBP', perDollar: '0.8', cost: '320000.000' })).actual).toBeCloseTo(360_000, 6);
});

test("a converted cost is rounded to the smallest unit of the estimate's currency, as every amount is, and the error is of that", () => {
  const converted = compareCost(row({ currency: 'USD', perDollar: '1', cost: '120218.620' }));
  expect(converted.actual).toBe(108_196.76);
  expect(converted.error).toBe(108_196.76 / 300_000 - 1);
});

test('the own record is in dollars at the rate that was stored with it, and zero is not nothing', () => {
  expect(ownRecordOf(row())).toMatchObject({ cost: 400_000, hourlyRate: 80, annualSalary: null, monthsToStart: null, exits: 0 });
  expect(ownRecordOf(row({ monthsToStart: '0.0000' })).monthsToStart).toBe(0);
});

test('the day is that of the delivery or, when nobody told it, of the record', () => {
  expect(ownRecordOf(row())).toMatchObject({ day: '2026-10-31', isDayOfDelivery: true });
  expect(ownRecordOf(row({ deliveredOn: null }))).toMatchObject({ day: '2026-11-02', isDayOfDelivery: false });
});

test.each([
  ['2026-01-14', true],
  ['2026-01-15', false],
  [null, false],
])('an estimate of 2026-01-15 for a delivery on %s is hindsight: %s', (deliveredOn, expected) => {
  expect(isHindsight(row({ deliveredOn }))).toBe(expected);
});
