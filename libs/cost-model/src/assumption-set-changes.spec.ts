import type { Assumption } from './assumption';
import { completeVersion } from './assumption-set';
import { nextVersion } from './assumption-set-changes';
import { movedFigures } from './assumption-set-difference';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { EstimateInputError } from './input-error';

const AUTHOR = { by: 'member 1', day: '2026-11-23' };
const C1 = { id: 'C1', low: 60, mode: 75, high: 90, reason: 'Our contracts' };
const first = nextVersion(DEFAULT_ASSUMPTIONS, [C1], AUTHOR);

const next = (changes: unknown, before: readonly Assumption[] = first.assumptions, defaults = DEFAULT_ASSUMPTIONS) =>
  nextVersion(before, changes, AUTHOR, defaults);
const find = (all: readonly Assumption[], id: string) => all.find((assumption) => assumption.id === id) as Assumption;

/** The model as a later release could have it: one default moved, one learned. */
const LATER: readonly Assumption[] = [
  ...DEFAULT_ASSUMPTIONS.map((one) => (one.id === 'manager_cost' ? ({ ...one, value: 120 } as Assumption) : one)),
  { ...find(DEFAULT_ASSUMPTIONS, 'vacancy_cost'), id: 'new_cost' },
];

function paths(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof EstimateInputError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('a version', () => {
  it('is a full copy with the figures that it changes, and tells what each was before', () => {
    expect(first.assumptions.map(({ id }) => id)).toEqual(DEFAULT_ASSUMPTIONS.map(({ id }) => id));
    expect(find(first.assumptions, 'C1')).toMatchObject({
      low: 60,
      evidence: 'own',
      overriddenBy: 'member 1',
      retrieved: AUTHOR.day,
    });
    expect(first.assumptions.filter(({ id }) => id !== 'C1')).toEqual(DEFAULT_ASSUMPTIONS.filter(({ id }) => id !== 'C1'));
    expect(first.changes).toEqual([
      expect.objectContaining({
        ...{ id: 'C1', kind: 'replaced', reason: 'Our contracts', unit: 'USD per hour' },
        before: expect.objectContaining({ low: 45, mode: 70, high: 95, evidence: 'rate_guide' }),
        after: expect.objectContaining({ low: 60, mode: 75, high: 90, evidence: 'own' }),
      }),
    ]);
  });

  it('takes a figure back to the default, with nothing left of the person in it', () => {
    const { assumptions, changes } = next([{ id: 'C1', reset: true, reason: ' Contracts ended ' }]);
    expect(assumptions).toEqual(DEFAULT_ASSUMPTIONS);
    expect(changes).toEqual([expect.objectContaining({ id: 'C1', kind: 'taken_back', reason: 'Contracts ended' })]);
  });

  it('names the field of every change at fault, where it stands among all of them', () => {
    const problems = paths(() =>
      next([
        { id: 'C1', reset: true, reason: 'x' },
        { id: 'C3', low: 3, mode: 2, high: 1, reason: 'x' },
        { id: 'C5', reset: false, reason: 'x' },
        { id: 'C2', reset: true },
        { id: 'C99', reset: true, reason: 'x' },
        { id: 'C7', value: 2, reason: 'x' },
        { id: 'C1', value: 50, reason: 'x' },
        { id: 'manager_cost', reset: true, value: 3, reason: 'x' },
      ]),
    );
    expect(problems.sort()).toEqual(
      [
        'assumptions.1',
        'assumptions.2.id',
        'assumptions.2.reset',
        'assumptions.3.id',
        'assumptions.3.reason',
        'assumptions.4.id',
        'assumptions.5.value',
        'assumptions.6.id',
        'assumptions.7.id',
        'assumptions.7.value',
      ].sort(),
    );
    expect(paths(() => next([]))).toEqual(['assumptions']);
    expect(paths(() => next({ C1: 50 }))).toEqual(['assumptions']);
    expect(paths(() => next([null]))).toEqual(expect.arrayContaining(['assumptions.0']));
  });

  it.each([
    ['a figure', { id: 'freelance.rework', value: 1e9 }],
    ['one end of a range', { id: 'C5', high: 100_000 }],
  ])('is refused when nothing can be estimated with %s, naming the change that brought it about', (_, slip) => {
    const others = ['C1', 'C2', 'C3', 'manager_cost', 'vacancy_cost'];
    for (const position of [0, 3, 5]) {
      const changes: object[] = others.map((id) => ({ id, value: 90, reason: 'x' }));
      changes.splice(position, 0, { ...slip, reason: 'A slip of the keyboard' });
      expect(paths(() => next(changes))).toEqual([`assumptions.${position}`]);
      expect(() => next(changes)).toThrow('ordinary project');
    }
  });

  it('that could estimate nothing before is refused for whatever is changed', () => {
    const broken = DEFAULT_ASSUMPTIONS.map((one) => (one.id === 'C5' ? { ...one, high: 1e9 } : one));
    expect(paths(() => next([C1], broken))).toEqual(['assumptions']);
  });
});

describe('after a release that moves a default and learns a figure', () => {
  it('an old version keeps every figure it had, and takes the default of what it did not know', () => {
    const complete = completeVersion(first.assumptions, LATER);
    const of = (id: string) => complete.find(({ assumption }) => assumption.id === id);
    expect(of('manager_cost')).toMatchObject({ origin: 'earlier_default', assumption: { value: 100 }, today: { value: 120 } });
    expect(of('new_cost')).toMatchObject({ origin: 'later_default', assumption: { value: 4000 } });
    expect(of('C1')).toMatchObject({ origin: 'changed', assumption: { low: 60 }, today: { low: 45 } });
    expect(of('C3')?.origin).toBe('default');
    expect(complete.map(({ assumption }) => assumption.id)).toEqual(LATER.map(({ id }) => id));
  });

  it('the next version says that it learned the figure, and takes a moved default only when told', () => {
    const plain = next([{ id: 'C3', value: 90_000, reason: 'x' }], first.assumptions, LATER);
    expect(find(plain.assumptions, 'manager_cost')).toMatchObject({ value: 100 });
    expect(plain.changes.map(({ id, kind, before }) => [id, kind, before === null])).toEqual([
      ['C3', 'replaced', false],
      ['new_cost', 'learned', true],
    ]);
    const told = next([{ id: 'manager_cost', reset: true, reason: 'New survey' }], first.assumptions, LATER);
    expect(find(told.assumptions, 'manager_cost')).toMatchObject({ value: 120, overriddenBy: null });
  });

  it('what the model no longer knows stays in the version', () => {
    const complete = completeVersion(
      first.assumptions,
      LATER.filter(({ id }) => id !== 'C1'),
    );
    expect(complete.at(-1)).toMatchObject({ assumption: { id: 'C1', low: 60 }, today: null, origin: 'changed' });
  });
});

it('tells what moved over several versions, with who moved it last, and not what came back', () => {
  const second = next([
    { id: 'C1', value: 80, reason: 'New contracts' },
    { id: 'C3', value: 90_000, reason: 'Our bands' },
  ]);
  const third = next([{ id: 'C3', reset: true, reason: 'Back' }], second.assumptions);
  const steps = [first, second, third].map(({ changes }, index) => ({ version: index + 1, changes }));
  expect(movedFigures(steps)).toEqual([
    expect.objectContaining({
      ...{ id: 'C1', version: 2, reason: 'New contracts' },
      before: expect.objectContaining({ low: 45 }),
      after: expect.objectContaining({ low: 80, high: 80 }),
    }),
  ]);
  expect(movedFigures(steps.slice(2)).map(({ id, kind }) => [id, kind])).toEqual([['C3', 'taken_back']]);
  expect(movedFigures([])).toEqual([]);
});
