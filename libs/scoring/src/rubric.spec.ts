import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CRITERION_IDS } from '@assay/contracts/rubric-ids';
import { Fraction } from './fraction';
import { applyWeights, assertRubric, type Rubric, RubricError } from './rubric';
import { RUBRIC_V1 } from './rubric-v1';

describe('rubric version 1', () => {
  const criteria = RUBRIC_V1.areas.flatMap((area) => area.criteria);

  test('is complete', () => {
    expect(() => assertRubric(RUBRIC_V1)).not.toThrow();
    expect(criteria.map(({ id }) => id)).toEqual(CRITERION_IDS);
    for (const { levels, autoEvidence } of criteria) {
      expect([...levels, autoEvidence].every((text) => text.trim() !== '')).toBe(true);
    }
  });

  test('is frozen to the last text', () => {
    expect(() => Object.assign(criteria[0]?.levels ?? [], { 0: 'changed' })).toThrow(TypeError);
    expect(() => Object.assign(RUBRIC_V1.areas[0] ?? {}, { weight: 1 })).toThrow(TypeError);
  });

  test('is what docs/RUBRIC.md says', () => {
    const page = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'RUBRIC.md'), 'utf8');
    const rows = page.split('\n').filter((line) => /^\| [A-E]\d \|/.test(line));
    expect(rows).toEqual(
      criteria.map((one) => `| ${[one.id, one.name, ...one.levels, one.autoEvidence, one.humanRated ? 'H' : ''].join(' | ')} |`),
    );
    expect(page.match(/^## [A-E] .*$/gm)).toEqual(RUBRIC_V1.areas.map((area) => `## ${area.id} ${area.name}`));
  });
});

describe('weights of a role', () => {
  test('replace the rubric ones and leave the rest', () => {
    const rubric = applyWeights(RUBRIC_V1, { areas: { A: 0.4, E: 0 }, criteria: { B1: 0.1, B2: 0.3 } });
    expect(rubric.areas.map((area) => area.weight)).toEqual([0.4, 0.2, 0.2, 0.2, 0]);
    expect(rubric.areas[1]?.criteria.map((one) => one.weight)).toEqual([0.1, 0.3, 0.2, 0.2, 0.2]);
    expect(RUBRIC_V1.areas[0]?.weight).toBe(0.2);
  });

  test('may be thirds', () => {
    const third = 1 / 3;
    expect(() => applyWeights(RUBRIC_V1, { areas: { A: third, B: third, C: third, D: 0, E: 0 } })).not.toThrow();
  });

  test.each([
    [{ areas: { A: 0.3 } }, 'The weights of the areas must sum to 1; they sum to 1.1.'],
    [{ criteria: { C3: 0 } }, 'The weights of the criteria of area C must sum to 1; they sum to 0.8.'],
    [{ areas: { A: -0.2, B: 0.6 } }, 'The weight of A must be a number from 0 to 1; got -0.2.'],
    [{ areas: { A: Number.NaN } }, 'The weight of A must be a number from 0 to 1; got NaN.'],
    [{ areas: { F: 0.2 } as object }, 'There is no area "F"; use A to E.'],
    [{ criteria: { A9: 0.2 } as object }, 'There is no criterion "A9"; use A1 to E5.'],
  ])('%j are refused', (overrides, message) => {
    expect(() => applyWeights(RUBRIC_V1, overrides)).toThrow(new RubricError(message));
  });
});

test('a rubric without an area is refused', () => {
  const short: Rubric = { ...RUBRIC_V1, areas: RUBRIC_V1.areas.slice(1) };
  expect(() => assertRubric(short)).toThrow('The areas must be A, B, C, D, E, in this order; got B, C, D, E.');
});

test('a rubric with a criterion in the wrong area is refused', () => {
  const [a, b, ...rest] = RUBRIC_V1.areas as [Rubric['areas'][0], Rubric['areas'][0]];
  const swapped: Rubric = { ...RUBRIC_V1, areas: [{ ...a, criteria: b.criteria }, b, ...rest] };
  expect(() => assertRubric(swapped)).toThrow('The criteria of area A must be A1, A2, A3, A4, A5');
});

describe('fractions', () => {
  test('read numbers as the decimals they print as', () => {
    const third = Fraction.of(1).dividedBy(Fraction.of(3));
    expect(Fraction.of(0.1).plus(Fraction.of(0.2)).toDecimal(1)).toBe('0.3');
    expect(third.times(Fraction.of(3)).toNumber()).toBe(1);
    expect(Fraction.of(1e-7).toDecimal(7)).toBe('0.0000001');
    expect(Fraction.of(1.5e21).toDecimal(0)).toBe('1500000000000000000000');
  });

  test('round halves away from zero', () => {
    expect(Fraction.of(2.25).toDecimal(1)).toBe('2.3');
    expect(Fraction.of(-2.25).toDecimal(1)).toBe('-2.3');
    expect(Fraction.of(-0.04).toDecimal(1)).toBe('0.0');
    expect(Fraction.of(99.96).toDecimal(0)).toBe('100');
  });

  test('refuse what is no number', () => {
    expect(() => Fraction.of(Number.NaN)).toThrow('Not a finite number: NaN.');
    expect(() => Fraction.of(1).dividedBy(Fraction.ZERO)).toThrow('Division by zero.');
  });
});
