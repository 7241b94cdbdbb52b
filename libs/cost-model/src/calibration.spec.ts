import { calibrate, type Outcome, wilsonInterval } from './calibration';

const outcome = (actual: number): Outcome => ({ model: 'freelance', estimated: { point: 100, p10: 80, p90: 150 }, actual });

test('Wilson intervals are those of the published example', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 15 of 148, method 3.
  const rounded = (interval: readonly [number, number]) => interval.map((bound) => Number(bound.toFixed(4)));
  expect(rounded(wilsonInterval(81, 263))).toEqual([0.2553, 0.3662]);
  expect(rounded(wilsonInterval(15, 148))).toEqual([0.0624, 0.1605]);
  expect(rounded(wilsonInterval(0, 20))).toEqual([0, 0.1611]);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('errors and the share inside the band are counted for each model', () => {
  const [freelance] = calibrate([outcome(90), outcome(120), outcome(150), outcome(200)]);
  expect(freelance).toMatchObject({ model: 'freelance', outcomes: 4, insideBand: 0.75, verdict: 'not_refuted' });
  expect(freelance?.meanError).toBeCloseTo(0.4, 12);
  expect(freelance?.meanAbsoluteError).toBeCloseTo(0.45, 12);
});

test('bands that outcomes refute are said to be too narrow or too wide', () => {
  expect(calibrate(Array.from({ length: 10 }, () => outcome(300)))[0]?.verdict).toBe('too_narrow');
  expect(calibrate(Array.from({ length: 20 }, () => outcome(100)))[0]?.verdict).toBe('too_wide');
});

test('without outcomes there is nothing to say', () => {
  expect(calibrate([])).toEqual([]);
});
