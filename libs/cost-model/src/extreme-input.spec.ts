import fc from 'fast-check';
import { extremeOverrides, extremeProject, overriddenBy } from '../fixtures/any-estimate';
import { parseSituation } from './advice';
import { DOLLAR } from './currency';
import { type Estimate, estimateProject } from './estimate';
import { EstimateInputError } from './input-error';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';
import { simulate } from './simulation/simulate';
import { tornadoOf } from './simulation/tornado';

/** Every number in it, wherever it stands. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

/** What was made, or null for an estimate that is refused as out of all proportion or without any capacity, naming the field. */
function made<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof EstimateInputError)) throw error;
    for (const { path, message } of error.problems) {
      expect(path).toMatch(/^(project|assumptions)(\.|$)/);
      expect(message).not.toBe('');
    }
    return null;
  }
}

function expectSound(estimate: Estimate): void {
  for (const { total, deliveryMonths, monthsToStart, breakdown, intermediate } of estimate.models) {
    const figures = [total, deliveryMonths, monthsToStart, ...numbersIn(breakdown), ...numbersIn(intermediate)];
    expect(figures.filter((figure) => !(Number.isFinite(figure) && figure >= 0))).toEqual([]);
    const sum = numbersIn(breakdown).reduce((all, line) => all + line, 0);
    expect(Math.abs(sum - total)).toBeLessThanOrEqual(0.04 + 1e-12 * total);
  }
  const crossings = numbersIn(estimate.breakEvens);
  expect(crossings.filter((figure) => !(Number.isFinite(figure) && figure >= 0))).toEqual([]);
  // A claim may say less than nothing of what the model implies, never infinitely much.
  expect(numbersIn(estimate.claims).every(Number.isFinite)).toBe(true);
}

test('any valid input gives finite amounts that are not negative, or is refused naming a field', () => {
  let sound = 0;
  fc.assert(
    fc.property(extremeProject, extremeOverrides, (project, overrides) => {
      const assumptions = overriddenBy(overrides);
      const estimate = made(() => estimateProject(project, assumptions));
      if (estimate === null) return;
      sound += 1;
      expectSound(estimate);
    }),
    { numRuns: 1000 },
  );
  expect(sound).toBeGreaterThan(100);
});

test('against next to nothing a claim implies no share', () => {
  const assumptions = overriddenBy([{ id: 'employer_load', value: Number.MIN_VALUE, reason: 'a property' }]);
  const { claims } = estimateProject(parseProject({ hours: 2700, seats: 3 }), assumptions);
  expect(claims.find(({ id }) => id === 'C7')?.implied.map(({ figure }) => figure)).toEqual([
    'partner below in-house, total cost',
  ]);
});

test('and so does its simulation, with percentiles in their order, and its tornado', () => {
  let sound = 0;
  fc.assert(
    fc.property(extremeProject, extremeOverrides, (project, overrides) => {
      const assumptions = overriddenBy(overrides);
      if (made(() => estimateProject(project, assumptions)) === null) return;
      const simulation = made(() => simulate(project, assumptions, { draws: 100, seed: 1 }));
      for (const { cost, delivery } of simulation?.models ?? []) {
        for (const { p10, p50, p90, mean, histogram } of [cost, delivery]) {
          const values = [p10.low, p10.value, p10.high];
          expect(values).toEqual([...values].sort((a, b) => a - b));
          expect([p10.value, p50.value, p90.value]).toEqual([p10.value, p50.value, p90.value].sort((a, b) => a - b));
          const figures = [mean, ...numbersIn([p10, p50, p90, histogram])];
          expect(figures.filter((figure) => !(Number.isFinite(figure) && figure >= 0))).toEqual([]);
          expect(histogram.counts.reduce((sum, count) => sum + count, histogram.below + histogram.above)).toBe(100);
        }
      }
      for (const { firstCheaper, standardError } of simulation?.pairs ?? []) {
        expect(firstCheaper >= 0 && firstCheaper <= 1 && standardError >= 0 && standardError <= 0.05).toBe(true);
      }
      const tornado = made(() => tornadoOf(project, assumptions));
      expect(numbersIn(tornado).filter((figure) => !Number.isFinite(figure))).toEqual([]);
      if (simulation !== null && tornado !== null) sound += 1;
    }),
    { numRuns: 150 },
  );
  expect(sound).toBeGreaterThan(15);
});

/** Texts that a person would take for a fault of ours. */
function brokenTextsIn(value: unknown): string[] {
  if (typeof value === 'string') return /\b(NaN|Infinity|undefined)\b/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(brokenTextsIn);
}

test('a whole report has no such number, in figures or in words', () => {
  const situation = parseSituation({ startWithinMonths: 2, isWellDefined: true });
  const rest = { need: null, situation, frameworkNeed: null, exchangeRate: DOLLAR, simulation: { draws: 100, seed: 1 } };
  let sound = 0;
  fc.assert(
    fc.property(extremeProject, extremeOverrides, (project, overrides) => {
      const report = made(() => reportEstimate({ ...rest, project, assumptions: overriddenBy(overrides) }));
      if (report === null) return;
      sound += 1;
      expect(numbersIn(report).filter((figure) => !Number.isFinite(figure))).toEqual([]);
      expect(brokenTextsIn(report)).toEqual([]);
    }),
    { numRuns: 100 },
  );
  expect(sound).toBeGreaterThan(15);
});
