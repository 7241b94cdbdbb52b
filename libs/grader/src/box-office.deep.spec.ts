import { BOX_OFFICE_SOLUTIONS, boxOfficeBench } from '../fixtures/box-office-bench';

jest.setTimeout(300_000);

/** Every solution of the pack, graded for real: exactly the checks that it names do not pass. */
describe('all solutions of the box-office pack', () => {
  const bench = boxOfficeBench();

  it.each(['reference', ...BOX_OFFICE_SOLUTIONS])('%s', async (name) => {
    expect(await bench.verify(name)).toBe(`ok   ${name} (graded, 0 ms)`);
  });
});
