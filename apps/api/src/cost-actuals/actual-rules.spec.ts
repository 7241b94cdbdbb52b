import { type ActualToCheck, problemsInDollars, problemsOfActual } from './actual-rules';

const NOW = new Date('2026-11-23T04:00:00Z');
const GOOD: ActualToCheck = { model: 'freelance', cost: { amount: 401_250.5, currency: 'USD' }, deliveryMonths: 9.5 };
const pathsOf = (fields: Partial<ActualToCheck>) => problemsOfActual({ ...GOOD, ...fields }, NOW).map(({ path }) => path);

test.each<[string, Partial<ActualToCheck>]>([
  ['cost and months alone', {}],
  ['yen without decimals', { cost: { amount: 60_000_000, currency: 'JPY' } }],
  ['dinars with three decimals', { cost: { amount: 150_000.125, currency: 'KWD' } }],
  ['a rate of a partner and a salary of an architect', { model: 'hybrid', hourlyRate: 72.5, annualSalary: 150_000 }],
  ['delivery today in the earliest time zone', { deliveredOn: '2026-11-23' }],
  ['a start that took all the time', { monthsToStart: 9.5 }],
  ['days that agree with the months', { startedOn: '2026-02-01', deliveredOn: '2026-09-30', monthsToStart: 1.5 }],
  ['days without the months to start', { startedOn: '2026-02-01', deliveredOn: '2026-09-30' }],
  ['a start alone', { startedOn: '2026-02-01', monthsToStart: 1 }],
  ['a delivery on the day of the start', { startedOn: '2026-02-01', deliveredOn: '2026-02-01' }],
])('%s may be recorded', (_, fields) => {
  expect(pathsOf(fields)).toEqual([]);
});

test.each<[string, Partial<ActualToCheck>, string[]]>([
  ['a tenth of a cent', { cost: { amount: 1.005, currency: 'USD' } }, ['cost.amount']],
  ['half a yen', { cost: { amount: 0.5, currency: 'JPY' }, hourlyRate: 9000.5 }, ['cost.amount', 'hourlyRate']],
  ['an hourly rate in house', { model: 'in_house', hourlyRate: 80 }, ['hourlyRate']],
  ['a salary of a freelancer', { annualSalary: 90_000 }, ['annualSalary']],
  ['a salary of a partner', { model: 'staff_augmentation', annualSalary: 90_000 }, ['annualSalary']],
  ['a start after delivery', { monthsToStart: 9.6 }, ['monthsToStart']],
  ['a delivery before the start', { startedOn: '2026-02-02', deliveredOn: '2026-02-01' }, ['deliveredOn']],
  ['days to come', { startedOn: '2026-11-24', deliveredOn: '2027-01-01' }, ['startedOn', 'deliveredOn']],
  [
    'days and months that differ by more than a month',
    { startedOn: '2026-02-01', deliveredOn: '2026-09-30', monthsToStart: 0.5 },
    ['deliveryMonths'],
  ],
  ['days that take longer than the months', { startedOn: '2025-02-01', deliveredOn: '2026-09-30' }, ['deliveryMonths']],
])('%s is refused', (_, fields, paths) => {
  expect(pathsOf(fields)).toEqual(paths);
});

test('a rate is held against what it is in dollars', () => {
  const dinars = { ...GOOD, cost: { amount: 1, currency: 'KWD' }, hourlyRate: 5e8 };
  expect(problemsInDollars(dinars, 0.3).map(({ path }) => path)).toEqual(['hourlyRate']);
  expect(problemsInDollars(dinars, 0.5)).toEqual([]);
});

test('tomorrow has begun where the day begins first', () => {
  const delivered = (now: string) => problemsOfActual({ ...GOOD, deliveredOn: '2026-11-24' }, new Date(now));
  expect(delivered('2026-11-23T09:59:59Z')).toHaveLength(1);
  expect(delivered('2026-11-23T10:00:00Z')).toEqual([]);
});
