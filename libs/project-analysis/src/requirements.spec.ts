import { inspectRequirements } from './requirement-rules';
import { readRequirements } from './requirements';
import { rulesAndLines, textFiles } from './testing/text-files';

const read = (files: Readonly<Record<string, string>>) => readRequirements(textFiles(files));
const inspect = (files: Readonly<Record<string, string>>): string[] => rulesAndLines(inspectRequirements(textFiles(files)));
const HASH = `--hash=sha256:${'ab'.repeat(32)}`;

describe('requirements', () => {
  it('are read from lists with comments, hashes, extras, markers and options', () => {
    const text = [
      '# Django==1.0',
      '--index-url https://pypi.org/simple',
      '-r base.txt',
      `Django_Filter==24.3 \\`,
      `    ${HASH} \\`,
      `    ${HASH}`,
      'psycopg[binary] >= 3.2, < 4 ; python_version > "3.9"  # driver',
      'celery',
      'shop @ git+https://example.org/shop.git@0123456789abcdef0123456789abcdef01234567',
      '-e git+https://example.org/other.git@main#egg=other',
    ].join('\n');
    const { requirements } = read({ 'requirements.txt': text });
    expect(requirements.map(({ name, version, isPinned, hasHash, line }) => [name, version, isPinned, hasHash, line])).toEqual([
      ['django-filter', '==24.3', true, true, 4],
      ['psycopg', '>=3.2,<4', false, false, 7],
      ['celery', '', false, false, 8],
      ['shop', '', true, false, 9],
      ['other', '', false, false, 10],
    ]);
  });

  it('are read from pyproject.toml of all tools and from a Pipfile', () => {
    const project = [
      '[project]',
      'dependencies = ["django>=5.2,<5.3", "gunicorn==23.0.0"]',
      '[dependency-groups]',
      'dev = ["pytest"]',
      '[tool.poetry.dependencies]',
      'python = "^3.12"',
      'redis = "^5.0"',
      'celery = { version = "5.5.1", extras = ["redis"] }',
      '[tool.poetry.group.test.dependencies]',
      'factory-boy = "*"',
    ].join('\n');
    const { requirements } = read({ 'pyproject.toml': project, Pipfile: '[packages]\nwhitenoise = "==6.9.0"\n' });
    expect(
      requirements.map(({ name, version, isPinned, isForDevelopment, line }) => [
        name,
        version,
        isPinned,
        isForDevelopment,
        line,
      ]),
    ).toEqual([
      ['whitenoise', '==6.9.0', true, false, 2],
      ['django', '>=5.2,<5.3', false, false, 2],
      ['gunicorn', '==23.0.0', true, false, 2],
      ['pytest', '', false, true, 4],
      ['redis', '^5.0', false, false, 7],
      ['celery', '5.5.1', true, false, 8],
      ['factory-boy', '', false, true, 10],
    ]);
  });

  it.each([
    ['no TOML', '[project'],
    ['brackets without end', `a = ${'['.repeat(100_000)}`],
    ['text where a table should be', 'project = "x"\ntool = 3\n'],
  ])('survive a pyproject.toml that is %s', (_what, text) => {
    expect(read({ 'pyproject.toml': text }).requirements).toEqual([]);
  });

  it('take no time whatever is in a list', () => {
    for (const text of [
      'a>=1,'.repeat(100_000),
      `a${'!='.repeat(100_000)}`,
      `a${'!1'.repeat(100_000)}`,
      `a${' '.repeat(200_000)}b`,
      '\\\n'.repeat(100_000),
      `a[${'b,'.repeat(100_000)}`,
    ])
      read({ 'requirements.txt': text });
  });
});

describe('rules for requirements', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['pins', { 'requirements.txt': 'django==5.2.1\n' }, []],
    ['a compiled list', { 'requirements.in': 'django\n', 'requirements.txt': 'django==5.2.1\n' }, []],
    [
      'a list whose own tool is not in what it compiled',
      { 'requirements/pip.in': 'pip\n', 'requirements/pip.txt': 'django==5.2.1\n' },
      [],
    ],
    ['a lock', { 'pyproject.toml': '[project]\ndependencies = ["django"]\n', 'uv.lock': '' }, []],
    ['lists for developers', { 'requirements.txt': 'django==5.2.1\n', 'requirements-dev.txt': 'pytest\n' }, []],
    ['any later version', { 'requirements.txt': 'django==5.2.1\ncelery\nredis>=4\n' }, ['requirements/unbounded 2']],
    ['ranges', { 'requirements.txt': 'django~=5.2\n' }, ['requirements/not-pinned 1']],
    [
      'a branch',
      { 'requirements.txt': 'django==5.2.1\nx @ git+https://example.org/x.git@main\n' },
      ['requirements/moving-address 2'],
    ],
    ['no TOML', { 'pyproject.toml': '[project' }, ['requirements/refused 1']],
    ['a pin in a comment', { 'requirements.txt': '# django==5.2.1\ndjango\n' }, ['requirements/unbounded 2']],
  ])('judge %s', (_what, files, expected) => {
    expect(inspect(files)).toEqual(expected);
  });
});
