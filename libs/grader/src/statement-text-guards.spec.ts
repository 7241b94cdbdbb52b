import { isTangled, typedParameters } from './statement-text';

describe('a text that takes too long to read', () => {
  it('has openings without end', () => {
    expect(isTangled('/*'.repeat(1_000))).toBe(true);
    expect(isTangled(Array.from({ length: 500 }, (_, n) => `$t${n}$`).join(' '))).toBe(true);
  });

  it('is none with many parameters, or a comment or two', () => {
    expect(isTangled(`SELECT /* why */ ${Array.from({ length: 2_000 }, (_, n) => `$${n + 1}`).join(', ')} -- end`)).toBe(false);
  });
});

describe('parameters with their types', () => {
  it('are cast where they stand, and nowhere else', () => {
    expect(typedParameters(`SELECT $1, '$1', "$2", $2, $3 -- $1`, ['integer', 'character varying', null])).toBe(
      `SELECT $1::integer, '$1', "$2", $2::character varying, $3 -- $1`,
    );
  });
});
