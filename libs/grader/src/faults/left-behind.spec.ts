import { DRIVER_NAMES } from '../../fixtures/faults/drivers';
import { soak } from '../../fixtures/faults/soak';

jest.setTimeout(300_000);

// The short form of soak.deep.spec.ts, which also looks at memory.
it.each(DRIVER_NAMES)('good and bad submissions on %s leave nothing behind', async (driver) => {
  const { surprises, points, left } = await soak(driver, [9, 18]);
  expect(surprises).toEqual([]);
  const [first, second] = points;
  expect(second?.traces).toEqual(first?.traces);
  expect([second?.measures.databases, second?.measures.roles]).toEqual([first?.measures.databases, first?.measures.roles]);
  expect(left).toEqual([]);
});
