import { csvText } from './csv-text';

describe('csvText', () => {
  it('begins with a byte order mark, ends every line with CRLF and quotes what needs it', () => {
    expect(csvText([['a', 'say "hi", all', null, 'x;y'], [1.5]])).toBe('\ufeffa,"say ""hi"", all",,"x;y"\r\n1.5\r\n');
  });

  it('writes numbers with all digits, unquoted, and below zero too', () => {
    expect(csvText([[1e-7, -0.5, 1e21, { digits: '-3.10' }]])).toBe('\ufeff0.0000001,-0.5,1000000000000000000000,-3.10\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'=1"],
    ['\r=1', "'=1"],
    ['\uff1d1', "'\uff1d1"],
    ['a\r\nb', 'a b'],
    ['x;=cmd', `"x;'=cmd"`],
    ['x;"=cmd"', `"x;'""=cmd"""`],
    ['a = b', 'a = b'],
  ])('gives a spreadsheet nothing to calculate: %j', (text, cell) => {
    expect(csvText([[text]])).toBe(`\ufeff${cell}\r\n`);
  });
});
