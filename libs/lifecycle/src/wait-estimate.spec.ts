import { estimateWait } from './wait-estimate';

const recentMs = [4_000, 2_000, 3_000, 9_000];

test('nobody ahead: as soon as one slot is free, which takes no longer than a slow job', () => {
  expect(estimateWait({ ahead: 0, slots: 1, recentMs })).toEqual({ fromSeconds: 0, toSeconds: 9 });
});

test('those ahead are worked off slot by slot', () => {
  expect(estimateWait({ ahead: 4, slots: 2, recentMs })).toEqual({ fromSeconds: 6, toSeconds: 27 });
  expect(estimateWait({ ahead: 1, slots: 2, recentMs })).toEqual({ fromSeconds: 0, toSeconds: 9 });
});

test.each([
  ['no worker is at work', { ahead: 3, slots: 0, recentMs }],
  ['hardly anything was measured', { ahead: 3, slots: 2, recentMs: [1_000, 2_000] }],
])('nothing is said when %s', (_why, measures) => {
  expect(estimateWait(measures)).toBeNull();
});
