import { boxOfficeBench } from '../fixtures/box-office-bench';

jest.setTimeout(300_000);

/** The pack that uses every kind of check. What each of its other solutions fails: box-office.deep.spec.ts. */
describe('the box-office pack', () => {
  const bench = boxOfficeBench();

  it('passes the reference in every check', async () => {
    expect(await bench.verify('reference')).toBe('ok   reference (graded, 0 ms)');
  });
});
