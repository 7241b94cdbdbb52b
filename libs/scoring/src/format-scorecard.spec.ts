import { formatScorecard, SCORECARD_WIDTH } from './format-scorecard';
import { RUBRIC_V1 } from './rubric-v1';
import type { AreaScore, Scorecard } from './score-report';

/** A card in which area A has the given criteria measured and everything else is not measured. */
function cardOf(measured: Readonly<Record<string, Partial<AreaScore['criteria'][number]>>>, areaScore: number | null): Scorecard {
  return {
    composite: areaScore,
    rubricVersion: '1',
    areas: RUBRIC_V1.areas.map((area) => ({
      id: area.id,
      name: area.name,
      weight: area.weight,
      measured: area.id === 'A' && areaScore !== null,
      score: area.id === 'A' ? areaScore : null,
      criteria: area.criteria.map(({ id, name, weight }) => ({
        id,
        name,
        weight,
        measured: id in measured,
        level: null,
        measuredUpTo: null,
        levelText: null,
        points: 0,
        maxPoints: 0,
        score: null,
        evidence: [],
        ...measured[id],
      })),
    })),
  };
}

test('shows scores, levels and points, and names what was not measured', () => {
  const card = cardOf(
    { A2: { level: 2, measuredUpTo: 3, levelText: 'correct annotate / Subquery / F', points: 6, maxPoints: 9, score: 66.7 } },
    66.7,
  );
  expect(formatScorecard(card, 'Ada Lovelace, bookshop 1.0.0')).toBe(
    [
      'Ada Lovelace, bookshop 1.0.0',
      'Composite: 66.7 of 100   (rubric version 1)',
      '-'.repeat(100),
      '   criterion                                        level    points  score what the level means',
      '-'.repeat(100),
      'A  Python mastery and Django ORM fluency (weight 20%): 66.7 of 100',
      'A2 complex querysets                                  2/3       6/9   66.7 correct annotate /',
      `${' '.repeat(75)}Subquery / F`,
      '   not measured: A1 decorators, generators, context managers; A3 select_related / prefetch_related;',
      `${' '.repeat(17)}A4 custom managers; A5 migration strategy`,
      'B  Django REST Framework (weight 20%): not measured',
      'C  Security implementation (weight 20%): not measured',
      'D  Database and performance (weight 20%): not measured',
      'E  Deployment and infrastructure (weight 20%): not measured',
      '-'.repeat(100),
      'level = reached / highest that this task measures (3 is the top)',
      '',
    ].join('\n'),
  );
});

test('never says 0 for an unmeasured card', () => {
  const text = formatScorecard(cardOf({}, null));
  expect(text).toContain('Composite: not measured');
  expect(text).not.toMatch(/\b0\.0\b/);
});

test('keeps every line within 100 columns, whatever the length of names', () => {
  const long = 'word'.repeat(40);
  const card = cardOf(
    { A1: { name: long, level: 1, measuredUpTo: 1, levelText: long, points: 0.125, maxPoints: 1234.5, score: 0 } },
    0,
  );
  const lines = formatScorecard(card, `${long} and ${long}`).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(SCORECARD_WIDTH);
});
