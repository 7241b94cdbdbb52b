import { boxOfficeBench } from '../fixtures/box-office-bench';

jest.setTimeout(300_000);

/** The pack that uses every kind of check, with its reference and one solution that breaks several. The others: box-office.deep.spec.ts. */
describe('the box-office pack', () => {
  const bench = boxOfficeBench();

  it.each(['reference', 'broken/careless-settings'])('%s', async (name) => {
    expect(await bench.verify(name)).toBe(`ok   ${name} (graded, 0 ms)`);
  });
});
