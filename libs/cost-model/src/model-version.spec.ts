import { createHash } from 'node:crypto';
import { parseSituation } from './advice';
import { DOLLAR } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { MODEL_VERSION } from './model-version';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';

/** What the model of each version says of the projects below. */
const FINGERPRINTS: Readonly<Record<number, string>> = { 1: '52191e70050a7e04142a46eefe9640f0f345b9a663460724d20f21bccfede07c' };

const PROJECTS = [
  { hours: 2700, seats: 3 },
  { hours: 90, seats: 1, seniorityMix: { junior: 0.2, mid: 0.5, senior: 0.3 } },
  {
    hours: 40_000,
    seats: 12,
    framework: 'flask',
    joins: [
      { month: 0, seats: 4 },
      { month: 3, seats: 8 },
    ],
  },
];

/** Every number of the reports, to nine digits: what is beyond them may differ between processors. */
function fingerprint(): string {
  const reports = PROJECTS.map((project) =>
    reportEstimate({
      ...{ need: null, situation: parseSituation({}), frameworkNeed: null, assumptions: DEFAULT_ASSUMPTIONS },
      ...{ exchangeRate: DOLLAR, simulation: { draws: 2000, seed: 7 }, project: parseProject(project) },
    }),
  );
  const figures = reports.map(({ models, breakEvens, simulation }) => ({ models, breakEvens, pairs: simulation.pairs }));
  const numbers = JSON.stringify(figures, (_, value: unknown) => (typeof value === 'number' ? value.toPrecision(9) : value));
  return createHash('sha256').update(numbers).digest('hex');
}

test('the same input gives the same figures as long as the version is the same', () => {
  expect(fingerprint()).toBe(FINGERPRINTS[MODEL_VERSION]);
});
