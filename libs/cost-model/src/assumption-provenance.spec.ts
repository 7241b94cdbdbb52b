import type { Assumption } from './assumption';
import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { overrideAssumptions } from './override-assumptions';

function after(override: { id: string; [field: string]: unknown }, before: readonly Assumption[] = DEFAULT_ASSUMPTIONS) {
  const all = overrideAssumptions(before, [{ reason: 'Our contracts', ...override }], 'member 1', '2026-11-23');
  return { all, one: all.find(({ id }) => id === override.id) as Assumption };
}

const published = (id: string) => DEFAULT_ASSUMPTIONS.find((assumption) => assumption.id === id) as Assumption;

it("never tells a person's own amounts with the source of those they replaced", () => {
  const { one } = after({ id: 'C1', low: 60, mode: 80, high: 90 });
  const { claim, evidence, source, retrieved } = published('C1');
  expect(one).toMatchObject({
    ...{ low: 60, mode: 80, high: 90, evidence: 'own', retrieved: '2026-11-23' },
    source: 'Own figure: Our contracts',
    replaces: { claim, low: 45, mode: 70, high: 95, evidence, source, retrieved },
    // The vendor's sentence states the vendor's amounts.
    claim: `Own figure in place of "${claim}"`,
  });
  expect(JSON.stringify(one)).not.toContain('undefined');
});

it("keeps a vendor's name on a vendor's figure that a person only switched on or reads otherwise", () => {
  for (const override of [
    { id: 'C7', enabled: true, reading: 'total_cost' },
    { id: 'C1', reading: 'low' },
    { id: 'C1', low: 45 },
  ]) {
    const { one } = after(override);
    const { evidence, source, retrieved } = published(override.id);
    expect(one).toMatchObject({ evidence, source, retrieved, overriddenBy: 'member 1', overrideReason: 'Our contracts' });
    expect(one).not.toHaveProperty('replaces');
  }
});

it('remembers the published figure, not the own one before, and the reason of the amounts when only the reading changes later', () => {
  const first = after({ id: 'C3', value: 100_000 });
  const second = after({ id: 'C3', value: 110_000, reason: 'New pay bands' }, first.all);
  expect(second.one.replaces).toEqual(first.one.replaces);
  expect(second.one.source).toContain('New pay bands');
  const read = after({ id: 'C3', reading: 'high', reason: 'Be careful' }, second.all);
  expect(read.one).toMatchObject({ evidence: 'own', source: second.one.source, overrideReason: 'Be careful' });
});

it('keeps the name of a parameter, which states no amount', () => {
  expect(after({ id: 'manager_cost', value: 120 }).one.claim).toBe(published('manager_cost').claim);
});

it('states no amount where the name is kept beside other amounts', () => {
  const kept = DEFAULT_ASSUMPTIONS.filter(({ evidence }) => evidence === 'placeholder' || evidence === 'official');
  expect(kept.filter(({ claim }) => /\d%|\d\d|\bC\d/.test(claim)).map(({ claim }) => claim)).toEqual([]);
});

it('gives the source back with the published amounts', () => {
  const { all } = after({ id: 'C7', value: 0.3 });
  const { one } = after({ id: 'C7', value: 0.41, reason: 'As published' }, all);
  expect(one).toEqual({ ...published('C7'), overriddenBy: 'member 1', overrideReason: 'As published' });
});
