import { slopeOf } from './slope';

describe('the slope of statements from 5 to 50 rows', () => {
  it.each([
    ['nothing for a constant number', 3, 3, 0],
    ['one for a statement for each row', 6, 51, 1],
    ['nothing for fewer', 5, 2, 0],
    ['more than nothing for as many, when the few waste them', 51, 51, 1],
    ['not less for more waste on the few', 60, 51, 1.2],
  ])('is %s', (_what, few, many, slope) => expect(slopeOf(few, many, 45, 6)).toBeCloseTo(slope, 10));
});
