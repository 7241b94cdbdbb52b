import type { CheckContext, HttpAnswer } from '@assay/grader/check-api';
import type { Json } from './rows';

/** The rows of a list answer: of a page, or of the bare array that the starter sends. */
export function rowsOf({ expect }: CheckContext, answer: HttpAnswer, what: string): readonly Json[] {
  expect.status(answer, 200, what);
  const body = answer.json();
  const rows = Array.isArray(body) ? body : expect.array(expect.object(body, what).results, `${what}: results`);
  return rows.map((row) => expect.object(row, what));
}

export function idsOf(rows: readonly Json[]): readonly unknown[] {
  return rows.map((row) => row.id);
}

/** The id in an answer, which becomes part of a path. */
export function idIn({ expect }: CheckContext, thing: Json): number {
  const id = Number(thing.id);
  expect.ok(Number.isSafeInteger(id) && id === thing.id, 'an id is an integer');
  return id;
}

/**
 * Statements that each further row costs: (more of both - few) / rows. Of `few` no more than `atMost` count: who takes statements for
 * nothing with few rows, or gets with few rows what is shown with many, has not made their number constant.
 */
export function growth(few: number, many: number, rows: number, atMost: number): number {
  return (Math.max(few, many) - Math.min(few, atMost)) / rows;
}
