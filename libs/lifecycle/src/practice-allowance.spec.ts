import { practiceAllowance } from './practice-allowance';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 9, minutes));

test('runs of the last hour are counted, and the oldest of them makes room', () => {
  expect(practiceAllowance([], 2, at(0))).toEqual({ perHour: 2, left: 2, nextAt: null });
  expect(practiceAllowance([at(0)], 2, at(30))).toEqual({ perHour: 2, left: 1, nextAt: null });
  expect(practiceAllowance([at(20), at(0)], 2, at(30))).toEqual({ perHour: 2, left: 0, nextAt: at(60) });
  expect(practiceAllowance([at(20), at(0)], 2, at(60))).toEqual({ perHour: 2, left: 1, nextAt: null });
});

test('where more were started than are allowed now, one is left when fewer than that are', () => {
  expect(practiceAllowance([at(0), at(10), at(20)], 2, at(30))).toEqual({ perHour: 2, left: 0, nextAt: at(70) });
});
