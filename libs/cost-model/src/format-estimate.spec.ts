import { parseSituation } from './advice';
import { DOLLAR } from './currency';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import type { EstimateInput } from './estimate-input';
import { ESTIMATE_WIDTH, formatEstimate } from './format-estimate';
import { parseHiringNeed } from './hiring-need';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';
import { reportEstimate } from './report-estimate';

const BASE = { assumptions: DEFAULT_ASSUMPTIONS, exchangeRate: DOLLAR, simulation: { draws: 1000, seed: 1 } };

function textOf(changes: Partial<EstimateInput>, title?: string): string {
  const project = parseProject({ hours: 2700, seats: 3 });
  return formatEstimate(
    reportEstimate({ ...BASE, need: null, situation: parseSituation({}), frameworkNeed: null, project, ...changes }),
    title,
  );
}
const flat = (text: string) => text.replace(/\s+/g, ' ');
const width = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

const plain = textOf({});

test('shows totals and bands of every model first', () => {
  const lines = plain.split('\n');
  expect(lines.slice(0, 6)).toEqual([
    'Hiring-model cost estimate',
    '3 seats; 2,700 engineer-hours',
    'Amounts in USD',
    '-'.repeat(100),
    '                                  freelance           in-house             hybrid staff augmentation',
    'total                            358,386.94         451,703.26         282,274.17         249,333.30',
  ]);
  for (const [index, label] of ['  P10', '  P50', '  P90'].entries()) {
    expect(lines[6 + index]).toMatch(new RegExp(`^${label}( +\\d{3},\\d{3}){4}$`));
  }
  expect(lines[9]).toMatch(/^ {2}costs more than total( +\d+%){4}$/);
  expect(lines[10]).toBe('delivery, months                        7.5               11.8                8.0                7.3');
  expect(lines[11]).toMatch(/^ {2}P10 to P90( +\d+\.\d to \d+\.\d){4}$/);
  expect(lines[12]).toBe('start, months                           0.5                4.0                0.5                0.5');
});

test('shows two assumptions that move each model most, with by how much', () => {
  const movers = plain.split('\n');
  const start = movers.findIndex((line) => line.startsWith('What moves the cost most'));
  expect(movers.slice(start + 1, start + 9).map((line) => line.slice(2, 20).trim())).toEqual([
    'freelance',
    '',
    'in-house',
    '',
    'hybrid',
    '',
    'staff augmentation',
    '',
  ]);
  expect(movers[start + 1]).toMatch(/^ {2}freelance +\d{3},\d{3} {2}effort: How far the effort overruns the plan$/);
  expect(movers[start + 2]).toMatch(/^ +\d{2,3},\d{3} {2}C1: A freelance Django developer costs/);
});

test('shows lines that sum to the totals, and how often one is cheaper than the other', () => {
  expect(plain).toContain('  labour                         309,948.19         291,836.92         282,274.17         212,845.50');
  expect(plain).toContain('  rounding                             0.00               0.01               0.00               0.00');
  expect(plain).not.toContain('bench');
  expect(plain).toMatch(/\n {2}freelance +- +\d+% +\d+% +\d+%\n {2}in-house +\d+% +- /);
});

test('names break-evens, advice, warnings, claims beside what the model implies, and sources', () => {
  const text = flat(plain);
  // Beside shares of draws that say otherwise: freelance is cheaper than hybrid in more than half of them.
  expect(text).toContain('Break-even of the point estimates');
  expect(text).toContain('freelance / in-house: at 7,004 hours (15.6 months of work, USD 906,679)');
  expect(text).toContain('freelance is cheaper below, in-house above');
  expect(text).toContain('freelance / hybrid: never, hybrid is always cheaper');
  expect(text).toContain('Freelance fits engagements of 1 to 3 months (C2)');
  expect(text).toContain('[too-wide-to-say]');
  expect(text).toContain('C7, not used: Staff augmentation costs 41% less than a full-time domestic hire. Without claims:');
  expect(text).toContain('loaded hourly rate: 18.9%; partner below in-house, total cost: 44.8%');
  expect(text).toMatch(/\d+ assumptions: \d+ placeholders to replace with your own, 4 from a rate guide, 1 official/);
  expect(text).toMatch(
    /1,000 draws, seed 1; by being simulated, each percentile above is off by at most \d[\d.]*% with 95% confidence/,
  );
  expect(text).toContain('bands let both vary, the hours by 35% more on average');
  expect(text).not.toContain('Replaced assumptions');
  expect(text).not.toContain('Framework');
});

test('tells a need, its urgency, its framework and its currency', () => {
  const text = textOf(
    {
      ...parseHiringNeed(
        {
          ...{
            role: 'Senior Django developer',
            seats: 3,
            scope: { teamSize: 3, months: 6 },
            seniorityMix: { mid: 0.5, senior: 0.5 },
          },
          joins: [
            { month: 0, seats: 1 },
            { month: 1.5, seats: 2 },
          ],
          situation: { isCoreProduct: true, startWithinMonths: 2 },
          framework: { needs: ['authentication', 'admin', 'orm_and_migrations'], flags: ['ml_serving'] },
        },
        DEFAULT_ASSUMPTIONS,
      ),
      exchangeRate: { currency: 'JPY', perDollar: 154.37, date: '2026-11-20', source: 'ECB reference rate' },
    },
    'Rewrite of the shop',
  );
  expect(text.split('\n').slice(0, 3)).toEqual([
    'Hiring-model cost estimate: Rewrite of the shop',
    'Senior Django developer; 3 seats (1 at the start, 2 in month 1.5); 2,700 engineer-hours (3 engineers',
    '  for 6 months); 50% mid, 50% senior',
  ]);
  expect(flat(text)).toContain('Amounts in JPY; 1 USD = 154.37 JPY on 2026-11-20 (ECB reference rate)');
  expect(text).toMatch(/\ntotal( +\d+,\d{3},\d{3}){4}\n/);
  expect(text).toMatch(/\n {2}within 2\.0 +100% +0% +100% +100%\n/);
  expect(flat(text)).toContain('Django with a Flask service: 3 of 6 built-in groups');
  expect(flat(text)).toContain('By claim C9 (vendor, not used) Flask takes 1.18 times the hours of Django: 3,195.');
  expect(width(text)).toBeLessThanOrEqual(ESTIMATE_WIDTH);
});

test('names who replaced what, and stays within 100 columns', () => {
  const reason = `${'quotes from three partners '.repeat(14)}${'x'.repeat(120)}`;
  const assumptions = overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id: 'C7', enabled: true, reason }], 'lead@example.org');
  const text = textOf({ assumptions, project: parseProject({ hours: 9e7, seats: 9000 }) }, 'y'.repeat(200));
  expect(flat(text)).toContain('C7 = 0.41 share, by lead@example.org: quotes from three partners');
  expect(flat(text)).toContain('C7, SWITCHED ON');
  expect(width(text)).toBeLessThanOrEqual(ESTIMATE_WIDTH);
});

test('hours that are given for Flask are not told as hours of Django', () => {
  const project = parseProject({ hours: 2700, seats: 3, framework: 'flask', builtInFeatures: 3 });
  const frameworkNeed = { needs: ['admin', 'forms', 'authentication'], flags: [] } as const;
  expect(flat(textOf({ project, frameworkNeed }))).toContain('(vendor, not used) Flask takes 1.18 times the hours of Django. ');
  const assumptions = overrideAssumptions(DEFAULT_ASSUMPTIONS, [{ id: 'C9', enabled: true, reason: 'our own record' }], 'x');
  expect(flat(textOf({ project, frameworkNeed, assumptions }))).toContain(
    '(vendor, SWITCHED ON) Flask takes 1.18 times the hours of Django: 3,195.',
  );
});

test('a single model has nobody to be cheaper than', () => {
  const text = textOf({ project: parseProject({ hours: 2700, seats: 3, models: ['hybrid'] }) });
  expect(text).not.toContain('How often');
  expect(text).not.toContain('Break-even');
});
