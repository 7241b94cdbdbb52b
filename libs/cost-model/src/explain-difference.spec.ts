import fc from 'fast-check';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { explainDifference } from './explain-difference';
import { sharesOf } from './money-shares';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';

const BEFORE = { project: parseProject({ hours: 2700, seats: 3 }), assumptions: DEFAULT_ASSUMPTIONS };
const override = (items: readonly object[]) => overrideAssumptions(DEFAULT_ASSUMPTIONS, items, 'someone@example.com');
const centsOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0);

test('equal estimates have nothing to explain', () => {
  for (const { before, after, causes } of explainDifference(BEFORE, BEFORE)) expect([after - before, causes]).toEqual([0, []]);
});

test('one changed input explains all of it', () => {
  const after = { ...BEFORE, assumptions: override([{ id: 'C1', value: 80, reason: 'ours' }]) };
  const [freelance, inHouse] = explainDifference(BEFORE, after);
  expect(freelance?.causes).toEqual([
    { inputId: 'C1', change: expect.closeTo(Number(freelance?.after) - Number(freelance?.before), 2) },
  ]);
  expect(inHouse?.causes).toEqual([{ inputId: 'C1', change: 0 }]);
});

test('a new reason or owner moves nothing and is no cause', () => {
  const after = {
    ...BEFORE,
    assumptions: override([
      { id: 'C3', value: 120_850, reason: 'checked' },
      { id: 'C5', mode: 4, reason: 'checked' },
    ]),
  };
  expect(explainDifference(BEFORE, after)[0]?.causes.map(({ inputId }) => inputId)).toEqual(['C3']);
});

test('the causes sum to the difference to the cent, and swap signs when the estimates are swapped', () => {
  const figure = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 12 }),
      figure(10, 200),
      figure(20_000, 300_000),
      figure(0, 2),
      fc.boolean(),
      (hours, seats, rate, salary, rework, claimed) => {
        const after = {
          project: parseProject({ hours, seats }),
          assumptions: override([
            { id: 'C1', value: rate, reason: 'ours' },
            { id: 'C3', value: salary, reason: 'ours' },
            { id: 'in_house.rework', value: rework, reason: 'ours' },
            ...(claimed ? [{ id: 'C4', enabled: true, reason: 'measured' }] : []),
          ]),
        };
        const there = explainDifference(BEFORE, after);
        const back = explainDifference(after, BEFORE);
        for (const [index, { model, before, after: end, causes }] of there.entries()) {
          expect(before).toBe(
            estimateProject(BEFORE.project, BEFORE.assumptions).models.find((each) => each.model === model)?.total,
          );
          expect(centsOf(causes.map(({ change }) => change))).toBe(Math.round(end * 100) - Math.round(before * 100));
          for (const { inputId, change } of causes) {
            const opposite = back[index]?.causes.find((cause) => cause.inputId === inputId)?.change ?? Number.NaN;
            expect(Math.abs(change + opposite)).toBeLessThan(0.05);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('estimates without a common model cannot be compared', () => {
  const only = (model: string) => ({ ...BEFORE, project: parseProject({ hours: 100, seats: 1, models: [model] }) });
  expect(() => explainDifference(only('freelance'), only('hybrid'))).toThrow('the two estimates have no model in common');
});

test('shares sum to the total whatever is rounded', () => {
  expect(sharesOf(10, [10 / 3, 10 / 3, 10 / 3])).toEqual([3.34, 3.33, 3.33]);
  expect(sharesOf(-0.01, [-0.004, -0.006])).toEqual([0, -0.01]);
  expect(sharesOf(0, [])).toEqual([]);
});
