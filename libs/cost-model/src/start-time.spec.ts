import { AssumptionSet } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { modelParameters } from './model-parameters';
import { overrideAssumptions } from './override-assumptions';
import { type HiringModel, parseProject } from './project';
import { simulate } from './simulation/simulate';
import { startTimeOf } from './start-time';

const PROJECT = parseProject({ hours: 2700, seats: 3 });

function startOf(model: HiringModel, withinMonths: number | null, overrides: object[] = []) {
  const assumptions = overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'someone@example.com');
  const parameters = modelParameters(model, PROJECT, new AssumptionSet(assumptions));
  return startTimeOf(parameters, PROJECT, assumptions, withinMonths);
}

test('the pipeline of in-house is PERT over 3 to 5 months', () => {
  const { p10, p50, p90 } = startOf('in_house', null);
  // Beta(3, 3) has its tenth percentile at 0.2466 (R: qbeta(0.1, 3, 3)).
  expect(p10).toBeCloseTo(3 + 2 * 0.24664, 4);
  expect(p50).toBeCloseTo(4, 6);
  expect(p90).toBeCloseTo(5 - 2 * 0.24664, 4);
});

test('how likely people start in time', () => {
  expect(startOf('in_house', null)).toMatchObject({ withinMonths: null, share: null });
  expect(startOf('in_house', 1).share).toBe(0);
  expect(startOf('in_house', 5).share).toBe(1);
  expect(startOf('in_house', 4).share).toBeCloseTo(0.5, 6);
  const { p90 } = startOf('in_house', null);
  expect(startOf('in_house', p90).share).toBeCloseTo(0.9, 6);
});

test('what is certain starts then, in time or not', () => {
  const certain = [{ id: 'C5', value: 2, reason: 'our own record' }];
  expect(startOf('in_house', 2, certain)).toEqual({ p10: 2, p50: 2, p90: 2, withinMonths: 2, share: 1 });
  expect(startOf('in_house', 1.99, certain).share).toBe(0);
  expect(startOf('staff_augmentation', 0.3, [{ id: 'C6', enabled: true, reason: 'promised in writing' }])).toMatchObject({
    ...{ p10: 0.25, p90: 0.25, share: 1 },
  });
});

test('it is what the simulation draws: deliveries that vary by nothing else vary so', () => {
  const settled = DEFAULT_ASSUMPTIONS.filter(
    (assumption) => 'mode' in assumption && assumption.id !== 'C5' && assumption.id !== 'C2',
  );
  const overrides = [
    ...settled.map((assumption) => ({ id: assumption.id, value: 'mode' in assumption ? assumption.mode : 0, reason: 'x' })),
    ...['effort.ln_mean', 'effort.ln_deviation', 'in_house.annual_exits'].map((id) => ({ id, value: 0, reason: 'x' })),
  ];
  const assumptions = overrideAssumptions(DEFAULT_ASSUMPTIONS, overrides, 'someone@example.com');
  const { models } = simulate({ ...PROJECT, models: ['in_house'] }, assumptions, { draws: 20_000, seed: 1 });
  const delivery = models[0]?.delivery;
  const { p10, p90 } = startOf('in_house', null, overrides);
  expect(Number(delivery?.p90.value) - Number(delivery?.p10.value)).toBeCloseTo(p90 - p10, 1);
});
