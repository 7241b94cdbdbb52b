import { soak } from '../../fixtures/faults/soak';

jest.setTimeout(300_000);

// The short form of soak.deep.spec.ts, which also looks at memory and takes the other driver as well.
it('good and bad submissions leave nothing behind', async () => {
  const { surprises, points, left } = await soak('zygote', [9, 18]);
  expect(surprises).toEqual([]);
  const [first, second] = points;
  expect(second?.traces).toEqual(first?.traces);
  expect([second?.measures.databases, second?.measures.roles]).toEqual([first?.measures.databases, first?.measures.roles]);
  expect(left).toEqual([]);
});
