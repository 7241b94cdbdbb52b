import { brief, figure, plainNumber } from './words';

describe('figures for people', () => {
  it('separate thousands and keep what small figures say', () => {
    expect([figure(1800), figure(0.05), figure(0.0000217), figure(0), figure(1e-7)]).toEqual([
      ...['1,800', '0.05', '0.0000217', '0', '0.0000001'],
    ]);
    expect([brief(57.3318), brief(120_850.4), brief(0.08681)]).toEqual(['57.3', '120,850', '0.0868']);
    expect([plainNumber(1e-7), plainNumber(1e21)]).toEqual(['0.0000001', '1000000000000000000000']);
  });
});
