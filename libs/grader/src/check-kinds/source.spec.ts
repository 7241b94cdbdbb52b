import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { writeFilesPack } from '../../fixtures/files-pack';
import { type Changes, GradingBench, statuses, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(120_000);

/** In two halves, so that nobody takes this file for a leak. */
const AWS = `${'AKIA'}Q3EGRTLZ7WXN4KDM`;

const CHECKS = {
  'c5-nothing-is-evaluated': `source.none(source.calls('eval'), 'text that is run as code');`,
  'a1-no-error-is-swallowed': `source.none(source.handlers().filter(({ fact }) => fact.isSilent), 'handlers that do nothing');`,
  'a4-a-queryset-of-its-own': `source.some(source.classes('django.db.models.*QuerySet'), 'a QuerySet of the project');`,
  'c5-ruff-finds-nothing': `source.none(source.findings('S*'), 'findings of ruff about security');`,
  'e4-no-secret-in-the-tree': `source.none(source.secrets(), 'secrets in files');`,
};
/** What the starter does already; nobody is blamed for it. */
const STARTER = {
  'notes/old.py': [
    'import hashlib',
    '',
    '',
    'def digest_of(text):',
    '    try:',
    '        return eval("str")(hashlib.md5(text.encode()).hexdigest())',
    '    except ValueError:',
    '        pass',
    '',
  ].join('\n'),
};
const QUERYSET = [
  'from django.db import models',
  '',
  '',
  'class NoteQuerySet(models.QuerySet):',
  '    def of(self, owner):',
  '        return self.filter(owner=owner)',
  '',
].join('\n');

describe('checks of the source', () => {
  let folder: string;
  let bench: GradingBench;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
    bench = await GradingBench.open(await writeFilesPack(path.join(folder, 'tiny-notes'), CHECKS, STARTER));
  }, 600_000);
  afterAll(async () => {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function failed(changes: Changes): Promise<string[]> {
    const report = await bench.grade({ 'notes/querysets.py': QUERYSET, ...changes });
    expect(report).toMatchObject({ outcome: 'graded', reason: null });
    return Object.entries(statuses(report)).flatMap(([id, status]) => (status === 'passed' ? [] : [id]));
  }

  it('pass a project that does as it should, and leave the same evidence twice', async () => {
    const [first, second] = [
      await bench.grade({ 'notes/querysets.py': QUERYSET }),
      await bench.grade({ 'notes/querysets.py': QUERYSET }),
    ];
    expect(Object.values(statuses(first))).toEqual(Object.keys(CHECKS).map(() => 'passed'));
    expect(withoutTimings(second)).toBe(withoutTimings(first));
    expect(first.checks.find(({ id }) => id === 'a4-a-queryset-of-its-own')?.evidence).toMatchObject({
      records: [
        {
          kind: 'source',
          title: 'a QuerySet of the project',
          text: '1 found\nnotes/querysets.py:4 class NoteQuerySet(django.db.models.QuerySet)',
          truncated: false,
        },
      ],
      locations: [{ file: 'notes/querysets.py', line: 4 }],
    });
  });

  it.each<[string, Changes, string[]]>([
    ['code that is evaluated', { 'notes/new.py': 'x = eval("1")\n' }, ['c5-nothing-is-evaluated']],
    [
      'another name for it',
      { 'notes/new.py': 'import builtins\nrun = builtins.eval\nx = run("1")\n' },
      ['c5-nothing-is-evaluated'],
    ],
    ['a swallowed error', { 'notes/new.py': 'try:\n    x = 1\nexcept KeyError:\n    pass\n' }, ['a1-no-error-is-swallowed']],
    ['no QuerySet', { 'notes/querysets.py': '' }, ['a4-a-queryset-of-its-own']],
    ['a QuerySet in a comment', { 'notes/querysets.py': QUERYSET.replace(/^/gm, '# ') }, ['a4-a-queryset-of-its-own']],
    ['a QuerySet in a string', { 'notes/querysets.py': `CODE = '''\n${QUERYSET}'''\n` }, ['a4-a-queryset-of-its-own']],
    [
      'a class that is only called so',
      { 'notes/querysets.py': 'class QuerySet: ...\nclass A(QuerySet): ...\n' },
      ['a4-a-queryset-of-its-own'],
    ],
    ['a weak digest', { 'notes/new.py': 'import hashlib\nx = hashlib.md5(b"").hexdigest()\n' }, ['c5-ruff-finds-nothing']],
    ['a secret anywhere', { 'deploy/note.cfg': `key = ${AWS}\n` }, ['e4-no-secret-in-the-tree']],
  ])('fail %s', async (_what, changes, expected) => {
    expect(await failed(changes)).toEqual(expected);
  });

  it.each<[string, Changes]>([
    [
      'what the starter has, when it is moved to a new name',
      { 'notes/old.py': null, 'notes/renamed.py': STARTER['notes/old.py'] },
    ],
    ['the same, edited around', { 'notes/old.py': `import os\n${STARTER['notes/old.py']}\n\ndef new():\n    return os.sep\n` }],
    ['a copy of it', { 'notes/copied.py': STARTER['notes/old.py'] }],
    ['code in comments and strings', { 'notes/new.py': '# eval("1")\nx = "eval(1)"\n"""\ntry: x\nexcept: pass\n"""\n' }],
    ['what is no Python at all', { 'notes/template.py': 'eval({{ x }}\n' }],
  ])('do not blame anybody for %s', async (_what, changes) => {
    expect(await failed(changes)).toEqual([]);
  });

  it.each<[string, Changes]>([
    ['a file that nobody wrote', { 'notes/new.py': `x = 1\n${'f()\n'.repeat(300_000)}` }],
    ['compiled Python', { 'notes/new.pyc': 'x' }],
  ])('take %s for hiding what must not be there', async (_what, changes) => {
    expect(await failed(changes)).toEqual(expect.arrayContaining(['c5-nothing-is-evaluated', 'a1-no-error-is-swallowed']));
  });

  it('never repeat a secret', async () => {
    const report = await bench.grade({ 'deploy/note.cfg': `key = ${AWS}\n` });
    expect(JSON.stringify(report)).not.toContain(AWS);
    expect(report.checks.find(({ id }) => id === 'e4-no-secret-in-the-tree')?.evidence.locations).toEqual([
      { file: 'deploy/note.cfg', line: 1 },
    ]);
  });
});
