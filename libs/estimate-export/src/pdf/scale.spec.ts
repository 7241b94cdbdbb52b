import { linearScale, shortLabels } from './scale';

describe('an axis', () => {
  it('has round ticks on it and both ends in its length', () => {
    const scale = linearScale(0, 358_386.94, 200, 5);
    expect(scale.ticks).toEqual([0, 100_000, 200_000, 300_000]);
    expect([scale.at(0), scale.at(358_386.94)]).toEqual([0, 200]);
  });

  it.each([
    [0, 0],
    [5, 5],
    [1e12, 1e12],
    [-3, -3],
  ])('has a width also from %d to %d', (low, high) => {
    const scale = linearScale(low, high, 100, 4);
    expect(scale.at(low)).toBe(50);
    expect(scale.ticks.length).toBeGreaterThan(0);
  });

  it('is labelled in one unit', () => {
    expect(shortLabels([0, 200_000, 400_000])).toEqual(['0', '200k', '400k']);
    expect(shortLabels([0, 500_000, 1_500_000])).toEqual(['0', '0.5m', '1.5m']);
    expect(shortLabels([0.1, 0.2])).toEqual(['0.1', '0.2']);
  });
});
