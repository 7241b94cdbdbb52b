import { ChangedLines, touches } from './changed-lines';
import { differingLines } from './line-difference';
import { textFiles } from './testing/text-files';

describe('changed lines', () => {
  const STARTER = {
    'shop/views.py': 'import json\n\n\ndef books(request):\n    rows = Book.objects.all()\n    return json.dumps(rows)\n',
    'shop/models.py':
      'class Book(models.Model):\n    title = models.CharField(max_length=99)\n    price = models.IntegerField()\n',
  };
  const changed = (file: string, text: string) => new ChangedLines(textFiles(STARTER)).of(file, text);

  it('are none of a file that is the same, whatever its line ends', () => {
    expect(changed('shop/views.py', STARTER['shop/views.py'])).toEqual([]);
    expect(changed('shop/views.py', STARTER['shop/views.py'].replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it('are those that were put in or edited', () => {
    const text =
      'import json\nimport os\n\n\ndef books(request):\n    rows = Book.objects.filter(a=1)\n    return json.dumps(rows)\n    print(1)\n';
    expect(changed('shop/views.py', text)).toEqual([
      [2, 2],
      [6, 6],
      [8, 8],
    ]);
  });

  it('are all of a new file, less its empty lines', () => {
    expect(changed('shop/new.py', 'a = 1\n\nb = 2\nc = 3\n')).toEqual([
      [1, 1],
      [3, 4],
    ]);
  });

  it('are none of a file that was renamed, and only what was edited in it', () => {
    expect(changed('shop/api.py', STARTER['shop/views.py'])).toEqual([]);
    expect(changed('shop/api.py', `${STARTER['shop/views.py']}evil()\n`)).toEqual([[7, 7]]);
  });

  it('are none of code that was moved to another file and indented', () => {
    const moved = STARTER['shop/models.py'].replace(/^/gm, '    ');
    expect(changed('shop/views.py', `${STARTER['shop/views.py']}if True:\n${moved}`)).toEqual([[7, 7]]);
  });

  it('are not hidden by lines that are alike by chance', () => {
    expect(changed('a.py', 'x()\ny()\nz()\n')).toEqual([[1, 3]]);
    expect(changed('a.py', 'import json\nevil()\ndef books(request):\nevil()\n')).toEqual([[1, 4]]);
  });

  it('are found in texts with nothing in common, in no time', () => {
    const before = [...Array(60_000).keys()].map((number) => `a${number}`);
    const after = [...Array(60_000).keys()].map((number) => (number % 2 ? `a${number}` : `b${number}`));
    const differing = differingLines(before, after);
    expect(differing.filter(Boolean)).toHaveLength(30_000);
    expect(differing[1]).toBe(false);
  });

  it('agree with a comparison of all pairs', () => {
    const letters = 'abc';
    let seed = 7;
    const next = (bound: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * bound);
    };
    for (let round = 0; round < 300; round += 1) {
      const [before, after] = [next(9), next(9)].map((length) => [...Array(length)].map(() => letters[next(3)] ?? 'a'));
      const kept = differingLines(before ?? [], after ?? []).filter((isNew) => !isNew).length;
      expect(kept).toBe(longestCommon(before ?? [], after ?? []));
    }
  });

  it('touch a statement that one of its lines is in', () => {
    expect(touches([[3, 5]], 1, 2)).toBe(false);
    expect(touches([[3, 5]], 1, 3)).toBe(true);
    expect(touches([[3, 5]], 5)).toBe(true);
    expect(touches([[3, 5]], 6, 9)).toBe(false);
  });
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const [x, y] = [a.slice(1), b.slice(1)];
  return a[0] === b[0] ? 1 + longestCommon(x, y) : Math.max(longestCommon(a, y), longestCommon(x, b));
}
