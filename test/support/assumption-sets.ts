import type { TestClient } from './test-client';

/** An override of the freelance rate. */
export const OWN_RATE = { id: 'C1', low: 60, mode: 75, high: 90, reason: 'Our contracts of 2026' };
/** An override of the salary. */
export const OWN_SALARY = { id: 'C3', value: 110_000, reason: 'Our pay bands' };

export interface Figure {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface MadeSet {
  readonly id: string;
  readonly name: string;
  readonly newest: { readonly version: number; readonly assumptions: readonly Figure[]; readonly changes: readonly Figure[] };
  readonly [field: string]: unknown;
}

let made = 0;

/** Makes a set of a name that no other has, with an own freelance rate unless `input` says otherwise. */
export async function makeSet(client: TestClient, input: object = {}): Promise<MadeSet> {
  made += 1;
  return (await client.post('/assumption-sets', { name: `Set ${made}`, assumptions: [OWN_RATE], ...input }).expect(201)).body;
}

export function figureOf(version: { readonly assumptions: readonly Figure[] }, id: string): Figure | undefined {
  return version.assumptions.find((one) => one.id === id);
}

/** Paths of the fields that a problem names. */
export function pathsOf(problem: { readonly errors: readonly { readonly path: string }[] }): string[] {
  return problem.errors.map(({ path }) => path);
}
