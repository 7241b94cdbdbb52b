import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { ESTIMATE_WIDTH, formatEstimate } from './format-estimate';
import { overrideAssumptions } from './override-assumptions';
import { parseProject } from './project';

const text = formatEstimate(estimateProject(parseProject({ hours: 2700, seats: 3 }), DEFAULT_ASSUMPTIONS));

test('shows totals, parts and months of every model', () => {
  expect(text.split('\n').slice(0, 13)).toEqual([
    'Hiring-model cost estimate: 2700 engineer-hours, 3 seats, amounts in USD',
    '-'.repeat(100),
    '                                  freelance           in-house             hybrid staff augmentation',
    '-'.repeat(100),
    'total                            358,386.94         451,703.26         282,274.17         249,333.30',
    '  labour                         309,948.19         291,836.92         282,274.17         212,845.50',
    '  management                      46,608.75          33,811.17               0.00          36,487.80',
    '  recruiting                       1,830.00          78,220.16               0.00               0.00',
    '  vacancy                              0.00          38,835.00               0.00               0.00',
    '  equipment                            0.00           9,000.00               0.00               0.00',
    'delivery, months                        7.5               11.8                8.0                7.3',
    '  of them working                       6.9                7.5                7.5                6.8',
    '-'.repeat(100),
  ]);
});

test('names break-evens, warnings and claims beside what the model implies', () => {
  const flat = text.replace(/\s+/g, ' ');
  expect(flat).toContain('freelance / in-house: at 7004 hours (15.6 months); freelance is cheaper below, in-house above');
  expect(flat).toContain('freelance / hybrid: never, hybrid is always cheaper');
  expect(flat).toContain('Freelance fits engagements of 1 to 3 months (C2)');
  expect(flat).toContain('C7, not used: Staff augmentation costs 41% less than a full-time domestic hire. Without claims:');
  expect(flat).toContain('partner below in-house, total cost: 44.8%');
  expect(flat).not.toContain('Replaced assumptions');
});

test('names who replaced what, and stays within 100 columns', () => {
  const replaced = overrideAssumptions(
    DEFAULT_ASSUMPTIONS,
    [{ id: 'C7', enabled: true, reason: 'quotes from three partners '.repeat(15) }],
    'lead@example.org',
  );
  const lines = formatEstimate(estimateProject(parseProject({ hours: 2700, seats: 1 }), replaced)).split('\n');
  expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('C7 = 0.41 share, by lead@example.org: quotes from three partners');
  expect(lines.join(' ')).toContain('C7, SWITCHED ON');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(ESTIMATE_WIDTH);
});
