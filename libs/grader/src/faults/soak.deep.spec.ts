import { DRIVER_NAMES } from '../../fixtures/faults/drivers';
import { soak } from '../../fixtures/faults/soak';

jest.setTimeout(1_800_000);

const WARM_UP = 40;
const ROUNDS = [WARM_UP, 60, 80, 100, 120, 140, 160, 180, 200, 220, 240];
/** Growth of the second hundred over the first that is chance: caches of compiled code, pages of the allocator. */
const HEAP_NOISE_BYTES = 1024 * 1024;
const RESIDENT_NOISE_MIB = 8;

describe.each(DRIVER_NAMES)('two hundred grades in a row on %s', (driver) => {
  it('leave nothing: no memory, descriptors, mounts, processes, groups, databases, roles or folders', async () => {
    const { surprises, points, left } = await soak(driver, ROUNDS);
    expect(surprises).toEqual([]);
    const [first, ...others] = points;
    for (const point of others) expect({ at: point.grades, ...point.traces }).toEqual({ at: point.grades, ...first?.traces });
    for (const { measures } of others) {
      expect([measures.databases, measures.roles]).toEqual([first?.measures.databases, first?.measures.roles]);
    }
    const half = points.slice(1, 1 + others.length / 2);
    const rest = points.slice(1 + others.length / 2);
    const growth = (of: (point: (typeof points)[number]) => number): number => median(rest.map(of)) - median(half.map(of));
    expect(growth(({ measures }) => measures.heapBytes)).toBeLessThan(HEAP_NOISE_BYTES);
    for (const kind of Object.keys(first?.memory ?? {})) {
      expect([kind, growth(({ memory }) => memory[kind] ?? 0) < RESIDENT_NOISE_MIB]).toEqual([kind, true]);
    }
    expect(left).toEqual([]);
  });
});

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
