import { sampleEstimate } from '../fixtures/sample-estimates';
import { provenanceOf } from './provenance';

const C3 = { id: 'C3', low: 90_000, mode: 110_000, high: 140_000, reason: 'Our pay bands' };

describe('the list of figures', () => {
  it('has what moves a result most first, and every source once', () => {
    const { items, sources } = provenanceOf(sampleEstimate().report);
    expect(items.slice(0, 4).map(({ name }) => name)).toEqual([
      ...['Overrun of the hours, ln-mean', 'Overrun of the hours, ln-deviation'],
      ...['C3: in-house salary', 'C1: freelance rate'],
    ]);
    expect(new Set(sources).size).toBe(sources.length);
    expect(new Set(items.map(({ source }) => source))).toEqual(new Set(sources.keys()));
  });

  it('joins models that have the same figure of the same source, and no others', () => {
    const named = (overrides: object[]): string[] =>
      provenanceOf(sampleEstimate({ overrides: overrides as never }).report)
        .items.map(({ name }) => name)
        .filter((name) => name.startsWith('Months to full speed'));
    expect(named([])).toEqual(['Months to full speed, in-house', 'Months to full speed, all but in-house']);
    expect(named([{ id: 'hybrid.ramp_months', value: 2, reason: 'Measured' }])).toHaveLength(3);
  });

  it('tells an own figure by its reason, never by the source that it replaced', () => {
    const { items, sources } = provenanceOf(sampleEstimate({ overrides: [C3] }).report);
    const own = items.find(({ name }) => name === 'C3: in-house salary');
    expect(own).toMatchObject({ amount: '110,000 (90,000–140,000) USD per year', evidence: 'own' });
    expect(sources[own?.source ?? -1]).toMatch(/Our pay bands.*\(2026-11-21\)/);
    expect(sources[own?.source ?? -1]).not.toContain('Boundev');
  });

  it('says of a claim whether it is on', () => {
    const { items, sources } = provenanceOf(
      sampleEstimate({ overrides: [{ id: 'C7', enabled: true, reason: 'Negotiated' }] }).report,
    );
    const claim = items.find(({ name }) => name.startsWith('C7'));
    expect(claim).toMatchObject({ evidence: 'vendor ON' });
    expect(sources[claim?.source ?? -1]).toContain('changed: Negotiated');
  });
});
