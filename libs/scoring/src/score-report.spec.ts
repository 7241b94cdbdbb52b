import type { CheckResult, GradingReport } from '@assay/contracts/grading-report';
import { CRITERION_IDS, type CriterionId } from '@assay/contracts/rubric-ids';
import { sampleCheck, sampleReport } from '@assay/testing/sample-report';
import fc from 'fast-check';
import { applyWeights } from './rubric';
import { RUBRIC_V1 } from './rubric-v1';
import { type Scorecard, scoreReport } from './score-report';

type CheckFacts = Pick<CheckResult, 'id' | 'criterion' | 'level' | 'points' | 'status'>;

function check(id: string, criterion: CriterionId, level: 1 | 2 | 3, points: number, status: CheckResult['status']): CheckFacts {
  return { id, criterion, level, points, status };
}

function reportOf(checks: readonly CheckFacts[], outcome: GradingReport['outcome'] = 'graded'): GradingReport {
  return sampleReport({ outcome, checks: checks.map(sampleCheck) });
}

const score = (...checks: CheckFacts[]) => scoreReport(reportOf(checks), RUBRIC_V1);
const area = (card: Scorecard, id: string) => card.areas.find((one) => one.id === id);
const criterion = (card: Scorecard, id: string) => card.areas.flatMap((one) => one.criteria).find((one) => one.id === id);

describe('a graded report', () => {
  const card = score(
    check('a2-annotate', 'A2', 1, 3, 'passed'),
    check('a2-subquery', 'A2', 2, 3, 'passed'),
    check('a2-edge', 'A2', 3, 3, 'failed'),
    check('a3-list', 'A3', 1, 1, 'passed'),
    check('b2-login', 'B2', 1, 2, 'failed'),
    check('b2-object', 'B2', 2, 1, 'passed'),
    check('d2-slope', 'D2', 2, 4, 'errored'),
    check('d2-slope-small', 'D2', 3, 4, 'skipped'),
  );

  test('has criterion scores of points passed over all points', () => {
    expect(criterion(card, 'A2')).toEqual({
      id: 'A2',
      name: 'complex querysets',
      weight: 0.2,
      measured: true,
      level: 2,
      measuredUpTo: 3,
      levelText: 'correct annotate / Subquery / F',
      points: 6,
      maxPoints: 9,
      score: 66.7,
      evidence: ['a2-annotate', 'a2-subquery', 'a2-edge'],
    });
    expect(criterion(card, 'D2')).toMatchObject({ level: 0, measuredUpTo: 3, points: 0, maxPoints: 8, score: 0 });
  });

  test('does not grant a level above a failed check', () => {
    expect(criterion(card, 'B2')).toMatchObject({ level: 0, measuredUpTo: 2, levelText: 'open', score: 33.3 });
  });

  test('averages what was measured, from exact scores', () => {
    expect(area(card, 'A')).toMatchObject({ measured: true, score: 83.3, weight: 0.2 }); // (66.66.. + 100) / 2
    expect(area(card, 'B')?.score).toBe(33.3);
    expect(area(card, 'D')?.score).toBe(0);
    expect(card.composite).toBe(38.9); // (83.33.. + 33.33.. + 0) / 3
    expect(card.rubricVersion).toBe('1');
  });

  test('says null, never 0, for what was not measured', () => {
    expect(area(card, 'C')).toMatchObject({ measured: false, score: null });
    expect(criterion(card, 'A1')).toMatchObject({
      measured: false,
      level: null,
      measuredUpTo: null,
      levelText: null,
      points: 0,
      maxPoints: 0,
      score: null,
      evidence: [],
    });
  });
});

test('a level without a check of its own is not reached by passing lower ones', () => {
  expect(criterion(score(check('x', 'A1', 1, 1, 'passed')), 'A1')).toMatchObject({ level: 1, measuredUpTo: 1, score: 100 });
  const gap = score(check('x', 'A1', 1, 1, 'passed'), check('y', 'A1', 3, 1, 'passed'));
  expect(criterion(gap, 'A1')).toMatchObject({ level: 3, measuredUpTo: 3 });
});

test('halves round up: 1 point of 16 is 6.25, shown as 6.3', () => {
  const card = score(check('x', 'A1', 1, 1, 'passed'), check('y', 'A1', 1, 15, 'failed'));
  expect(criterion(card, 'A1')?.score).toBe(6.3);
});

test('sums decimal points exactly', () => {
  const card = score(check('x', 'A1', 1, 0.1, 'passed'), check('y', 'A1', 1, 0.2, 'passed'));
  expect(criterion(card, 'A1')).toMatchObject({ points: 0.3, maxPoints: 0.3, score: 100 });
});

test('no checks give no composite', () => {
  expect(score()).toMatchObject({ composite: null, areas: Array(5).fill({ measured: false, score: null }) });
});

test("a role's weights change the means, and an area of weight 0 counts for nothing", () => {
  const rubric = applyWeights(RUBRIC_V1, { areas: { A: 0.6, B: 0.4, C: 0, D: 0, E: 0 } });
  const report = reportOf([check('a', 'A1', 1, 1, 'passed'), check('b', 'B1', 1, 1, 'failed'), check('c', 'C1', 1, 1, 'failed')]);
  expect(scoreReport(report, rubric).composite).toBe(60);
  expect(area(scoreReport(report, rubric), 'C')).toMatchObject({ measured: true, score: 0, weight: 0 });
});

describe('refuses', () => {
  test.each(['ungradable', 'timed_out', 'infra_fault', 'cancelled'] as const)('a run that ended as %s', (outcome) => {
    expect(() => scoreReport(reportOf([], outcome), RUBRIC_V1)).toThrow(
      `Only a graded run has a scorecard; this one ended as "${outcome}".`,
    );
  });

  test('two checks of one id', () => {
    expect(() => score(check('x', 'A1', 1, 1, 'passed'), check('x', 'A2', 1, 1, 'passed'))).toThrow('holds the check "x" twice');
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a check worth %d points', (points) => {
    expect(() => score(check('x', 'A1', 1, points, 'passed'))).toThrow('Check "x" must be worth more than 0 points');
  });

  test('a criterion that no rubric has', () => {
    expect(() => score(check('x', 'F1' as CriterionId, 1, 1, 'passed'))).toThrow('Check "x" names the criterion "F1"');
  });
});

describe('for any report', () => {
  const anyChecks = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 6 }),
      criterion: fc.constantFrom(...(CRITERION_IDS as CriterionId[])),
      level: fc.constantFrom(1 as const, 2 as const, 3 as const),
      points: fc.oneof(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 999 }).map((n) => n / 100),
      ),
      status: fc.constantFrom<CheckResult['status'][]>('passed', 'failed', 'errored', 'skipped'),
    }),
    { selector: (one) => one.id, maxLength: 30 },
  );

  /** Every score and level of a card, by its path. */
  function figures(card: Scorecard): Map<string, number | null> {
    return new Map([
      ['composite', card.composite],
      ...card.areas.map((one) => [one.id, one.score] as const),
      ...card.areas.flatMap((one) => one.criteria.map((c) => [c.id, c.score] as const)),
      ...card.areas.flatMap((one) => one.criteria.map((c) => [`${c.id} level`, c.level] as const)),
    ]);
  }

  test('scores stay within 0 and 100', () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        for (const [what, value] of figures(score(...checks))) {
          if (value !== null) expect([what, value >= 0 && value <= 100]).toEqual([what, true]);
        }
      }),
    );
  });

  test('the order of checks does not matter', () => {
    fc.assert(
      fc.property(
        anyChecks.chain((checks) => fc.tuple(fc.constant(checks), fc.shuffledSubarray(checks, { minLength: checks.length }))),
        ([checks, shuffled]) => expect(score(...shuffled)).toEqual(score(...checks)),
      ),
    );
  });

  test('passing one more check lowers nothing', () => {
    fc.assert(
      fc.property(anyChecks, fc.nat(), (checks, pick) => {
        fc.pre(checks.length > 0);
        const better = checks.map((one, index) => (index === pick % checks.length ? { ...one, status: 'passed' as const } : one));
        const before = figures(score(...checks));
        for (const [what, value] of figures(score(...better))) {
          expect([what, (value ?? 0) >= (before.get(what) ?? 0)]).toEqual([what, true]);
        }
      }),
    );
  });

  test('an area is measured exactly when it has a check, and the others alone make the composite', () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const card = score(...checks);
        for (const one of card.areas) {
          expect(one.measured).toBe(checks.some((c) => c.criterion.startsWith(one.id)));
          expect(one.score === null).toBe(!one.measured);
        }
        const measured = card.areas.flatMap((one) => (one.score === null ? [] : [one.score]));
        const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
        if (measured.length === 0) expect(card.composite).toBeNull();
        else expect(Math.abs((card.composite ?? Number.NaN) - mean)).toBeLessThan(0.1001);
      }),
    );
  });

  test('the weight of an unmeasured area never affects the composite', () => {
    const shifted = applyWeights(RUBRIC_V1, { areas: { A: 0.1, B: 0.1, C: 0.1, D: 0.1, E: 0.6 } });
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const withoutE = checks.filter((one) => !one.criterion.startsWith('E'));
        expect(scoreReport(reportOf(withoutE), shifted).composite).toBe(score(...withoutE).composite);
      }),
    );
  });
});
