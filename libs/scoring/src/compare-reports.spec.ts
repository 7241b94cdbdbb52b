import type { CheckResult } from '@assay/contracts/grading-report';
import { CRITERION_IDS } from '@assay/contracts/rubric-ids';
import { SAMPLE_PROVENANCE, sampleCheck, sampleReport } from '@assay/testing/sample-report';
import fc from 'fast-check';
import { type ComparedGrade, type Comparison, compareReports, isChanged } from './compare-reports';
import { RUBRIC_V1 } from './rubric-v1';
import { scoreReport } from './score-report';

function grade(checks: readonly CheckResult[], provenance: ComparedGrade['provenance'] = SAMPLE_PROVENANCE): ComparedGrade {
  const report = sampleReport({ checks: [...checks] });
  return { outcome: 'graded', checks, provenance, scorecard: scoreReport(report, RUBRIC_V1) };
}

const NOTHING: Comparison = {
  outcome: null,
  composite: null,
  areas: [],
  criteria: [],
  checks: [],
  otherEvidence: [],
  provenance: [],
};

const A2 = { criterion: 'A2', level: 1 } as const;
const BEFORE = [
  sampleCheck({ id: 'kept', criterion: 'B1' }),
  sampleCheck({ id: 'turned', ...A2 }),
  sampleCheck({ id: 'gone', ...A2 }),
  sampleCheck({ id: 'worth', ...A2, points: 1 }),
];
const AFTER = [
  sampleCheck({ id: 'worth', criterion: 'A3', level: 2, points: 3 }),
  sampleCheck({ id: 'turned', ...A2, status: 'failed' }),
  sampleCheck({ id: 'new', ...A2, status: 'errored' }),
  sampleCheck({ id: 'kept', criterion: 'B1' }),
];

describe('comparing two grades', () => {
  it('tells of each check what differs, by id, with both sides', () => {
    const side = { status: 'passed', criterion: 'A2', level: 1, points: 2 };
    expect(compareReports(grade(BEFORE), grade(AFTER)).checks).toEqual([
      { id: 'gone', title: 'gone', changes: ['removed'], earlier: side, later: null },
      { id: 'new', title: 'new', changes: ['added'], earlier: null, later: { ...side, status: 'errored' } },
      { id: 'turned', title: 'turned', changes: ['verdict'], earlier: side, later: { ...side, status: 'failed' } },
      {
        id: 'worth',
        title: 'worth',
        changes: ['points', 'level', 'criterion'],
        earlier: { ...side, points: 1 },
        later: { status: 'passed', criterion: 'A3', level: 2, points: 3 },
      },
    ]);
  });

  it('tells levels, scores and the checks they rest on, on both sides', () => {
    const { composite, areas, criteria } = compareReports(grade(BEFORE), grade(AFTER));
    expect(criteria.map(({ id }) => id)).toEqual(['A2', 'A3']);
    expect(criteria[0]).toEqual({
      id: 'A2',
      name: 'complex querysets',
      earlier: { level: 1, score: 100, points: 5, maxPoints: 5, evidence: ['gone', 'turned', 'worth'] },
      later: { level: 0, score: 0, points: 0, maxPoints: 4, evidence: ['new', 'turned'] },
      levelDelta: -1,
      scoreDelta: -100,
    });
    expect(criteria[1]).toMatchObject({ earlier: { level: null, score: null }, levelDelta: null, scoreDelta: null });
    expect(areas).toEqual([expect.objectContaining({ id: 'A', earlier: 100, later: 50, delta: -50, contribution: -25 })]);
    expect(composite).toEqual({ earlier: 100, later: 75, delta: -25 });
  });

  it('says that an area adds less because another one is measured now', () => {
    const earlier = grade([sampleCheck({ id: 'b', criterion: 'B1' })]);
    const later = grade([sampleCheck({ id: 'b', criterion: 'B1' }), sampleCheck({ id: 'c', criterion: 'C1', status: 'failed' })]);
    expect(compareReports(earlier, later).areas).toEqual([
      expect.objectContaining({ id: 'B', earlier: 100, later: 100, delta: 0, contribution: -50 }),
      expect.objectContaining({ id: 'C', earlier: null, later: 0, delta: null, contribution: 0 }),
    ]);
  });

  it('tells other evidence and another provenance, which are no change of the result', () => {
    const evidence = { exchanges: [], records: [], measurements: { slope: 1 }, findings: [], locations: [] };
    const pack = { ...SAMPLE_PROVENANCE.pack, version: '1.1.0' };
    const comparison = compareReports(
      grade([sampleCheck({ id: 'one' })]),
      grade([sampleCheck({ id: 'one', evidence })], { ...SAMPLE_PROVENANCE, pack, redis: '8.0' }),
    );
    expect(comparison).toEqual({
      ...NOTHING,
      otherEvidence: ['one'],
      provenance: [
        { field: 'pack.version', earlier: '1.0.0', later: '1.1.0' },
        { field: 'redis', earlier: null, later: '8.0' },
      ],
    });
    expect(isChanged(comparison)).toBe(false);
  });

  it('does not mind the order that a database keeps keys in', () => {
    const measurements = (names: string[]) => ({
      ...sampleCheck({ id: 'x' }).evidence,
      measurements: Object.fromEntries(names.map((name) => [name, 1])),
    });
    const [one, other] = [
      ['a', 'b'],
      ['b', 'a'],
    ].map((names) => grade([sampleCheck({ id: 'x', evidence: measurements(names) })]));
    expect(compareReports(one as ComparedGrade, other as ComparedGrade)).toEqual(NOTHING);
  });

  it('tells just the outcome where one was not graded', () => {
    const lost: ComparedGrade = { outcome: 'infra_fault', checks: [], provenance: null, scorecard: null };
    const comparison = compareReports(grade(BEFORE), lost);
    expect(comparison).toMatchObject({ outcome: { earlier: 'graded', later: 'infra_fault' }, checks: [], composite: null });
    expect(isChanged(comparison)).toBe(true);
    expect(compareReports(lost, lost)).toEqual(NOTHING);
  });
});

const aCheck = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  criterion: fc.constantFrom(...CRITERION_IDS),
  level: fc.constantFrom(1 as const, 2 as const, 3 as const),
  points: fc.constantFrom(0.1, 0.5, 1, 2, 3, 7),
  status: fc.constantFrom('passed' as const, 'failed' as const, 'errored' as const, 'skipped' as const),
});
const someChecks = fc.uniqueArray(aCheck.map(sampleCheck), { selector: ({ id }) => id, minLength: 1 });

describe('for any two grades', () => {
  const property = (hold: (one: CheckResult[], other: CheckResult[]) => void) =>
    fc.assert(fc.property(someChecks, someChecks, hold), { numRuns: 300 });

  it('one differs in nothing from itself, in whatever order its checks come', () => {
    property((checks) => {
      expect(compareReports(grade(checks), grade([...checks].reverse()))).toEqual(NOTHING);
    });
  });

  it('what the areas add is what the composite changes by', () => {
    property((one, other) => {
      const { composite, areas } = compareReports(grade(one), grade(other));
      const tenths = areas.reduce((sum, area) => sum + Math.round((area.contribution ?? 0) * 10), 0);
      expect(tenths).toBe(Math.round((composite?.delta ?? 0) * 10));
    });
  });

  it('what an area adds is within a tenth and a half of what it does exactly', () => {
    property((one, other) => {
      const comparison = compareReports(grade(one), grade(other));
      for (const area of comparison.areas) {
        expect(Math.abs((area.contribution ?? 0) - exactContribution(one, other, area.id))).toBeLessThanOrEqual(0.1501);
      }
    });
  });

  it('the way back says the same with the sides exchanged', () => {
    property((one, other) => {
      const there = compareReports(grade(one), grade(other));
      const back = compareReports(grade(other), grade(one));
      expect(back.checks.map(({ id, earlier, later }) => [id, later, earlier])).toEqual(
        there.checks.map(({ id, earlier, later }) => [id, earlier, later]),
      );
      expect(back.criteria.map(({ id, earlier, later }) => [id, later, earlier])).toEqual(
        there.criteria.map(({ id, earlier, later }) => [id, earlier, later]),
      );
      expect(back.composite?.delta ?? 0).toBeCloseTo(-(there.composite?.delta ?? 0), 9);
      expect(isChanged(back)).toBe(isChanged(there));
    });
  });

  it('applying the changes of the checks to one side gives the other', () => {
    property((one, other) => {
      const result = new Map(one.map(({ id, status, criterion, level, points }) => [id, { status, criterion, level, points }]));
      for (const { id, later } of compareReports(grade(one), grade(other)).checks) {
        if (later) result.set(id, later as never);
        else result.delete(id);
      }
      const wanted = new Map(other.map(({ id, status, criterion, level, points }) => [id, { status, criterion, level, points }]));
      expect(new Map([...result].sort())).toEqual(new Map([...wanted].sort()));
    });
  });
});

/** Calculated anew with doubles, from the checks. */
function exactContribution(one: readonly CheckResult[], other: readonly CheckResult[], area: string): number {
  return shareOf(other, area) - shareOf(one, area);
}

function shareOf(checks: readonly CheckResult[], area: string): number {
  const measured = new Set(checks.map(({ criterion }) => criterion[0]));
  return measured.has(area) ? areaScore(checks, area) / measured.size : 0;
}

function areaScore(checks: readonly CheckResult[], area: string): number {
  const criteria = [...new Set(checks.map(({ criterion }) => criterion).filter((id) => id.startsWith(area)))];
  const scores = criteria.map((id) => {
    const own = checks.filter(({ criterion }) => criterion === id);
    const points = (some: readonly CheckResult[]) => some.reduce((sum, check) => sum + check.points, 0);
    return (100 * points(own.filter(({ status }) => status === 'passed'))) / points(own);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
