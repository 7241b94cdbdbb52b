import { auditOf, CLEAN_PROJECT, type Files } from '../../fixtures/audited-tree';

jest.setTimeout(120_000);

const rulesOf = async (files: Files): Promise<string[]> => (await auditOf(files)).findings.map(({ rule }) => rule);
const KEY = `AKIA${'Q3ZT5XYJW7VB2NMC'}`;
const IMAGE = 'FROM python:3.12.4\nWORKDIR /app\nUSER app\nHEALTHCHECK CMD python check.py\nCMD ["gunicorn", "config.wsgi"]\n';
const FOREIGN = `on: pull_request_target
jobs:
  tests:
    runs-on: ubuntu
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: pytest
`;
const without = (line: string): string => IMAGE.replace(new RegExp(`^${line}.*\\n`, 'm'), '');

/** What detectors see in one file, and what the project around it says to that. */
describe('deployment files of an audited project', () => {
  it('a clean image and pinned requirements are passed over', async () => {
    expect(await rulesOf({ Dockerfile: IMAGE, 'requirements.txt': 'django==5.2.1\n' })).toEqual([]);
  });

  it.each<[rule: string, bad: Files, good: Files]>([
    [
      'dockerfile/runs-as-root',
      { Dockerfile: without('USER') },
      { Dockerfile: without('USER'), 'entrypoint.sh': 'exec gosu app "$@"\n' },
    ],
    [
      'dockerfile/runs-as-root',
      { Dockerfile: without('USER') },
      { 'web/Dockerfile': 'FROM node:22.1.0\nCMD ["node", "a.js"]\n' },
    ],
    [
      'dockerfile/no-healthcheck',
      { Dockerfile: without('HEALTHCHECK') },
      { Dockerfile: without('HEALTHCHECK').replace(/^CMD.*\n/m, '') },
    ],
    [
      'dockerfile/base-not-pinned',
      { Dockerfile: IMAGE.replace('3.12.4', 'latest') },
      { 'tests/Dockerfile': IMAGE.replace('3.12.4', 'latest') },
    ],
    [
      'secrets/env-file',
      { '.env': 'SECRET_KEY=8fj3kd92mfk3lsa0xz\n' },
      { '.env.example': 'SECRET_KEY=8fj3kd92mfk3lsa0xz\n', '.env': 'POSTGRES_PASSWORD=postgres_password\n' },
    ],
    ['secrets/aws-access-key', { 'shop/storage.py': `KEY = "${KEY}"\n` }, { 'shop/tests/test_storage.py': `KEY = "${KEY}"\n` }],
    [
      'requirements/unbounded',
      { 'requirements.txt': 'django\n' },
      { 'requirements.in': 'django\n', 'requirements.txt': 'django==5.2.1\n' },
    ],
    [
      'ci/untrusted-checkout',
      { '.github/workflows/pr.yml': FOREIGN },
      { '.github/workflows/pr.yml': FOREIGN.replace('ref:', 'path: beside\n          ref:') },
    ],
    [
      'ci/no-tests',
      { '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker build .\n' },
      { '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ./make check-tests\n' },
    ],
  ])('%s', async (rule, bad, good) => {
    expect(await rulesOf(bad)).toContain(rule);
    expect(await rulesOf(good)).not.toContain(rule);
  });

  it('finds one secret once, and never tells it', async () => {
    const report = await auditOf({
      'config/settings.py': `${CLEAN_PROJECT['config/settings.py']}AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMIK7MDENGbPxRfiCYzz8h3kQp1vTz"\n`,
    });
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]).toMatchObject({ criterion: 'E4', cwe: 798 });
    expect(JSON.stringify(report)).not.toContain('wJalrXUtnFEMIK7MDENG');
  });

  it('does not ask for headers that a proxy in the project may send', async () => {
    const settings = `${CLEAN_PROJECT['config/settings.py']}SECURE_HSTS_SECONDS = 0\n`;
    expect(await rulesOf({ 'config/settings.py': settings })).toEqual(['settings/no-hsts']);
    expect(await rulesOf({ 'config/settings.py': settings, Caddyfile: 'shop.example\n' })).toEqual([]);
  });
});
