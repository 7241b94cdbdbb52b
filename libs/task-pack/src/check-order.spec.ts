import fc from 'fast-check';
import { inOrderOfNeeds, needsProblems } from './check-order';

const check = (id: string, ...needs: string[]) => ({ id, needs });

describe('the order of checks', () => {
  it('is that of task.yaml, but for what must come first', () => {
    const checks = [check('a', 'c'), check('b'), check('c', 'd'), check('d'), { id: 'e' }];
    expect(inOrderOfNeeds(checks).map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a', 'e']);
    expect(needsProblems(checks)).toEqual([]);
  });

  it('does not exist for circles and for needs that are no checks', () => {
    expect(needsProblems([check('a', 'a')])).toEqual(['these checks need each other: "a"']);
    expect(needsProblems([check('a', 'b'), check('b', 'c'), check('c', 'b'), check('d')])).toEqual([
      'these checks need each other: "b", "c"',
    ]);
    expect(needsProblems([check('a', 'b'), check('c', 'a')])).toEqual(['the check "a" needs "b", which is no check']);
  });

  it('holds every check once, each behind its needs, whenever there is no problem', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const anyChecks = fc.tuple(...ids.map((id) => fc.subarray(ids).map((needs) => ({ id, needs }))));
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const ordered = inOrderOfNeeds(checks).map(({ id }) => id);
        const isWhole = ordered.length === checks.length;
        expect(needsProblems(checks).length === 0).toBe(isWhole);
        for (const { id, needs } of checks) {
          const at = ordered.indexOf(id);
          if (at >= 0) expect(needs.every((need) => ordered.slice(0, at).includes(need))).toBe(true);
        }
      }),
    );
  });
});
